"""The rows as they come.

Shows: Rows 0, 1, 2, ... in place of those that order names.
Says: The sets were cut from the rows as they stand in the data. Use order: its numbers say which row comes first,
which second.
Lesson: three-sets
"""


def split(x, y, order, n_train, n_validation):
    end = n_train + n_validation
    return (x[:n_train], y[:n_train]), (x[n_train:end], y[n_train:end]), (x[end:], y[end:])
