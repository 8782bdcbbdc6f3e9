"""b becomes a column, as if it belonged to the rows.

Shows: RuntimeError about sizes, unless there are as many rows as targets, or one of them is 1.
Says: The bias was laid along the rows, but there is one for each target, that is for each column. As it is, with
shape (t,), it already lines up with the columns.
Lesson: the-model
"""


def model(x, w, b):
    return x @ w.t() + b.unsqueeze(1)
