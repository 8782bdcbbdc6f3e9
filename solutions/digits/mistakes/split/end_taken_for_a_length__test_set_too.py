"""The test set begins at n_validation."""


def split(x, y, order, n_train, n_validation):
    parts = order[:n_train], order[n_train:n_validation], order[n_validation:]
    return tuple((x[part], y[part]) for part in parts)
