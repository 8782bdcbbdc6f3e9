"""The mean difference.

Shows: The mean of the differences; may be negative.
Says: That is the mean of the differences, and errors above and below cancel in it. Square each difference first.
Lesson: the-loss
"""


def mse(t1, t2):
    return (t1 - t2).mean()
