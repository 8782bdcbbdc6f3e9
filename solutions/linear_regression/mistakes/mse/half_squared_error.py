"""Half of it, as in textbooks that like tidy derivatives.

Shows: Exactly half of the right number.
Says: That is half of the mean squared error. Some books halve it to make the derivative tidier; the mean squared
error itself has no half.
Lesson: the-loss
"""


def mse(t1, t2):
    return ((t1 - t2) ** 2).mean() / 2
