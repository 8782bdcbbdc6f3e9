"""Negative predictions become zero.

Shows: Right where the prediction is positive, else 0.
Says: Negative predictions became 0. A linear model may predict any number, and needs to: where it is cut off, no
gradient tells it to do better.
Lesson: the-model
"""


def model(x, w, b):
    return (x @ w.t() + b).relu()
