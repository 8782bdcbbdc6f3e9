"""squeeze takes every dimension of size one away.

Shows: Right for many rows and targets; with one row or one target a dimension is missing.
Says: With one row or one target a dimension is missing, as it is after squeeze(). The answer is (n, t), even when n
or t is 1.
Lesson: the-model
"""


def model(x, w, b):
    return (x @ w.t() + b).squeeze()
