"""A new order is drawn.

Shows: Other rows in each call.
Says: The rows come in an order that was drawn inside of the function. Use the order that the function is given, so
that everybody has the same sets.
Lesson: three-sets
"""

import torch


def split(x, y, order, n_train, n_validation):
    order = torch.randperm(len(x))
    parts = order[:n_train], order[n_train : n_train + n_validation], order[n_train + n_validation :]
    return tuple((x[part], y[part]) for part in parts)


def is_written(function):
    import ast

    return any(getattr(node, "attr", "") == "randperm" for node in ast.walk(function))
