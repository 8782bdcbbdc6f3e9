"""x is turned, not w.

Shows: RuntimeError: mat1 and mat2 shapes cannot be multiplied, with the sizes of x exchanged.
Says: The inputs were transposed, not the weights. The rows of x have to stay rows; it is w that must be turned to
fit.
Lesson: the-model
"""


def model(x, w, b):
    return x.t() @ w + b
