"""A tensor comes back.

Shows: A tensor without dimensions, the value is right.
Says: The value is right, but it is a tensor. item() makes a plain number of it.
Lesson: what-to-measure
"""


def accuracy(s, y):
    return (s.argmax(dim=1) == y).float().mean()
