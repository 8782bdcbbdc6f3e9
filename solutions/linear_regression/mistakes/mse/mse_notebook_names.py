"""The names of the notebook in place of the parameters'.

Shows: NameError for `preds`.
Says: The function uses a name that isn't known in it. It works with the two tensors it is given: use the names in its
parameter list.
Lesson: the-loss
"""


def mse(t1, t2):
    return ((preds - targets) ** 2).mean()
