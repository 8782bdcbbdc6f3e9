"""The predictions are computed and not returned.

Shows: None.
Says: Nothing came back. What a function computes is gone when it ends, unless it is returned: return the
predictions.
Lesson: the-model
"""


def model(x, w, b):
    predictions = x @ w.t() + b
