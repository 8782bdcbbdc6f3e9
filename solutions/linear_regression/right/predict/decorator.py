"""no_grad as a decorator, old constructor.

Advice: This works. But torch.Tensor and torch.FloatTensor are old ways to make a tensor, and given a whole number they
make an empty one of that size. torch.tensor with a dtype says what is meant.
"""

import ast

import torch


@torch.no_grad()
def predict(model, region):
    batch = torch.FloatTensor([[float(number) for number in region]])
    return model(batch).flatten()


def is_written(function):
    """One of the old constructors is called."""
    return any(
        isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("Tensor", "FloatTensor")
        for node in ast.walk(function)
    )
