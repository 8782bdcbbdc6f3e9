"""Python's sum adds up the rows and leaves the columns.

Shows: A number for each column.
Says: Python's own sum() adds the rows of a tensor together and leaves its columns standing. PyTorch's sum goes over
every element.
Lesson: the-loss
"""


def mse(t1, t2):
    diff = t1 - t2
    return sum(diff * diff) / diff.numel()
