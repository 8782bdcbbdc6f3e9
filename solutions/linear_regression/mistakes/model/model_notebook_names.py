"""The parameters have other names, and the notebook's are used.

Shows: NameError for `inputs`.
Says: The function uses a name that isn't known in it. It works with the x, w and b it is given: use the names in its
parameter list.
Lesson: the-model
"""


def model(x, w, b):
    return inputs @ w.t() + b
