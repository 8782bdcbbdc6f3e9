"""The names of the notebook in place of the parameters'.

Shows: NameError for `preds`.
Says: The function uses names from outside of it, and not the two tensors that it is given. Use the names that stand
in its first line.
Lesson: the-loss
"""


def mse(t1, t2):
    return ((preds - targets) ** 2).mean()
