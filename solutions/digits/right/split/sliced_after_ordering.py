"""Ordered first, then cut."""


def split(x, y, order, n_train, n_validation):
    x, y = x[order], y[order]
    start = n_train
    stop = start + n_validation
    training = x[:start], y[:start]
    validation = x[start:stop], y[start:stop]
    return training, validation, (x[stop:], y[stop:])
