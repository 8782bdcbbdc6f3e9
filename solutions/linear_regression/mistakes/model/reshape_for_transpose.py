"""reshape in place of a transpose: the right shape, shuffled weights.

Shows: Right when w has one row or one column; else wrong numbers of the right shape.
Says: The shape is right, but the weights got mixed up: reshape and view fill a new shape in reading order, they
don't turn rows into columns. A transpose does.
Lesson: the-model
"""


def model(x, w, b):
    return x @ w.reshape(w.shape[1], w.shape[0]) + b
