"""The predictions are computed and not returned.

Shows: None.
Says: Nothing came back: the predictions were computed and then dropped. Return them.
Lesson: the-model
"""


def model(x, w, b):
    predictions = x @ w.t() + b
