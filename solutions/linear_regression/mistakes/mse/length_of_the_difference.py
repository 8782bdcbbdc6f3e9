"""The length of the vector of differences.

Shows: The square root of the sum of the squares.
Says: That is the root of the sum of the squares, the length of the difference. Neither a root nor a sum is asked
for: take the mean of the squares.
Lesson: the-loss
"""


def mse(t1, t2):
    return (t1 - t2).norm()
