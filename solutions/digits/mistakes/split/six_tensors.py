"""All tensors in one row.

Shows: Six values in place of three pairs.
Says: The six tensors came back one behind the other. Return three pairs, each of rows and their labels.
Lesson: three-sets
"""


def split(x, y, order, n_train, n_validation):
    end = n_train + n_validation
    a, b, c = order[:n_train], order[n_train:end], order[end:]
    return x[a], y[a], x[b], y[b], x[c], y[c]
