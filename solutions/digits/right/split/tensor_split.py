"""With tensor_split."""


def split(x, y, order, n_train, n_validation):
    cuts = (n_train, n_train + n_validation)
    return tuple(zip(x[order].tensor_split(cuts), y[order].tensor_split(cuts)))
