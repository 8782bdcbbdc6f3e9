"""The squared differences, element by element.

Shows: The shape of the arguments in place of a single number.
Says: That is the squared error of each element. A loss is one number: take the mean over all of them.
Lesson: the-loss
"""


def mse(t1, t2):
    return (t1 - t2) ** 2
