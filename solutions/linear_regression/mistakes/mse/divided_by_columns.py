"""shape[-1] counts the columns.

Shows: Too large by the number of rows.
Says: The sum is divided by the number of columns. The mean goes over every element, and there are more elements
than columns.
Lesson: the-loss
"""


def mse(t1, t2):
    return ((t1 - t2) ** 2).sum() / t1.shape[-1]
