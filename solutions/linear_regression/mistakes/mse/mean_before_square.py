"""The mean is taken first, and then squared.

Shows: Too small: errors of opposite signs cancel.
Says: The mean was taken before the square, so that errors above and below cancel each other. Square each difference
first, then take the mean.
Lesson: the-loss
"""


def mse(t1, t2):
    return (t1 - t2).mean() ** 2
