"""The validation set ends at n_validation.

Shows: The validation set is too short, or empty.
Says: A slice has a beginning and an end, not a length: the second set begins at n_train and ends n_validation behind
it.
Lesson: three-sets
"""


def split(x, y, order, n_train, n_validation):
    parts = order[:n_train], order[n_train:n_validation], order[n_train + n_validation :]
    return tuple((x[part], y[part]) for part in parts)
