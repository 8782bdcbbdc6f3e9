"""The right number in a tensor of shape (1,).

Shows: Shape (1,) in place of ().
Says: The number is right, but its tensor has a dimension too many. A loss has none: its shape is ().
Lesson: the-loss
"""


def mse(t1, t2):
    return ((t1 - t2) ** 2).mean().reshape(1)
