"""The differences are summed, and the sum is squared.

Shows: The square of the sum, divided by the number of elements.
Says: The differences were added up before the square, so that errors above and below cancel each other. Square each
difference first, then add them up.
Lesson: the-loss
"""


def mse(t1, t2):
    diff = t1 - t2
    return diff.sum() ** 2 / diff.numel()
