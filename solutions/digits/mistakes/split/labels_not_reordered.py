"""Only the rows are put into order.

Shows: The rows are right, the labels are those of other rows.
Says: The rows are in the new order and the labels aren't, so that rows have labels of others. Take both by the same
numbers.
Lesson: three-sets
"""


def split(x, y, order, n_train, n_validation):
    x = x[order]
    end = n_train + n_validation
    return (x[:n_train], y[:n_train]), (x[n_train:end], y[n_train:end]), (x[end:], y[end:])
