"""The parameters have other names, and the notebook's are used.

Shows: NameError for `inputs`.
Says: The function uses a name from outside of it, and not the x, w and b that it is given. Use the names that stand
in its first line.
Lesson: the-model
"""


def model(x, w, b):
    return inputs @ w.t() + b
