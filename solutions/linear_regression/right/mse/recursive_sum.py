"""Rows are summed by the function itself."""


def sum_of_squares(diff):
    if diff.dim() == 0:
        return diff * diff
    return sum(sum_of_squares(part) for part in diff)


def mse(t1, t2):
    return sum_of_squares(t1 - t2) / t1.numel()
