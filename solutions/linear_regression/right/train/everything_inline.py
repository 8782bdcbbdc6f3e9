"""No function but train itself, with .data and grad = None; the targets come first in the difference.

Advice: This works. But PyTorch doesn't see what is done by way of .data, so that a mistake there stays unnoticed.
Change parameters within torch.no_grad(), and it can warn you.
"""

import ast


def train(x, y, w, b, lr, epochs):
    history = []
    for epoch in range(epochs):
        loss = (y - (x.mm(w.t()) + b)).pow(2).mean()
        loss.backward()
        history += [loss.item()]
        w.data -= lr * w.grad.data
        b.data -= lr * b.grad.data
        w.grad = None
        b.grad = None
    return history


def is_written(function):
    """Something is changed by way of .data."""

    def is_data(node):
        return isinstance(node, ast.Attribute) and node.attr == "data"

    for node in ast.walk(function):
        if isinstance(node, ast.AugAssign) and is_data(node.target):
            return True
        if isinstance(node, ast.Assign) and any(is_data(target) for target in node.targets):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = node.func
            if called.attr.endswith("_") and not called.attr.endswith("__") and is_data(called.value):
                return True
    return False
