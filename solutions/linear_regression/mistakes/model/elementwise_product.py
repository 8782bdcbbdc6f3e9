"""* in place of @.

Shows: RuntimeError about sizes of tensors, or products of single numbers.
Says: x and w were put together number by number, as `*` does it, and that sums nothing. For weighted sums of rows,
use a product of matrices.
Lesson: a-weighted-sum
"""


def model(x, w, b):
    return x * w + b
