"""Lists of lists, with index_select."""


def split(x, y, order, n_train, n_validation):
    sizes = [n_train, n_validation, len(order) - n_train - n_validation]
    return [[x.index_select(0, part), y.index_select(0, part)] for part in order.split(sizes)]
