"""Plus in place of minus.

Shows: The mean of the squared sums.
Says: The two tensors were added. The error is how far apart they are: subtract one from the other.
Lesson: the-loss
"""


def mse(t1, t2):
    return ((t1 + t2) ** 2).mean()
