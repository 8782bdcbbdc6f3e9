"""The length of the vector of differences.

Shows: The square root of the sum of the squares.
Says: That is the root of the sum of the squares, the length of the difference. The exercise asks for neither a root nor
a sum: take the mean of the squares.
Lesson: the-loss
"""


def mse(t1, t2):
    return (t1 - t2).norm()
