"""Minus in place of plus.

Shows: Each column is off by twice its bias.
Says: The bias was subtracted: each column is off by twice its bias. It is added.
Lesson: the-model
"""


def model(x, w, b):
    return x @ w.t() - b
