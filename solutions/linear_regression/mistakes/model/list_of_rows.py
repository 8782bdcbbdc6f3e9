"""A list of tensors, not a tensor.

Shows: Right numbers, in a list.
Says: The predictions came as a list of rows. The loss needs one tensor of shape (n, t): put the rows together, or
multiply the matrices at once.
Lesson: the-model
"""


def model(x, w, b):
    return [w @ row + b for row in x]
