"""order says where a row goes.

Shows: Other rows, by the inverse order.
Says: order was read the other way round: its first number is the number of the row that comes first, not the place to
which row 0 goes.
Lesson: three-sets
"""


def split(x, y, order, n_train, n_validation):
    back = order.argsort()
    parts = back[:n_train], back[n_train : n_train + n_validation], back[n_train + n_validation :]
    return tuple((x[part], y[part]) for part in parts)
