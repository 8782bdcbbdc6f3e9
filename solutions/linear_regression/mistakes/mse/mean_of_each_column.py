"""One mean for each column.

Shows: A number for each column; right for tensors of one dimension.
Says: That is a mean for each column. A loss is one number, the mean over every element: leave out the dimension.
Lesson: the-loss
"""


def mse(t1, t2):
    return ((t1 - t2) ** 2).mean(dim=0)
