"""w @ x: the factors in the wrong order.

Shows: RuntimeError: mat1 and mat2 shapes cannot be multiplied, with the sizes of w first.
Says: The factors are in the wrong order, and their inner sizes don't fit. Write the shapes side by side: (n, d)
times (d, t) gives (n, t).
Lesson: the-model
"""


def model(x, w, b):
    return w @ x + b
