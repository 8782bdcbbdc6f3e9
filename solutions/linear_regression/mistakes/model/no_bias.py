"""The bias is left out.

Shows: Each column is off by its bias.
Says: The bias is missing: each column is off by the bias of its target. Add b to the weighted sums.
Lesson: the-model
"""


def model(x, w, b):
    return x @ w.t()
