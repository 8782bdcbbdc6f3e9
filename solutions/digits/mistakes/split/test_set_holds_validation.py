"""The test set begins behind the training set.

Shows: The test set has the rows of the validation set, too.
Says: The test set begins right behind the training set, so that the validation rows are in it as well. Every row
belongs to one set only.
Lesson: three-sets
"""


def split(x, y, order, n_train, n_validation):
    parts = order[:n_train], order[n_train : n_train + n_validation], order[n_train:]
    return tuple((x[part], y[part]) for part in parts)
