"""The old constructor, which makes float32 of anything.

Advice: This works. But torch.Tensor and torch.FloatTensor are old ways to make a tensor, and given a whole number they
make an empty one of that size. torch.tensor with a dtype says what is meant.
"""

import ast

import torch


def to_tensors(inputs, targets):
    return torch.Tensor(inputs), torch.FloatTensor(targets)


def is_written(function):
    """One of the old constructors is called."""
    return any(
        isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("Tensor", "FloatTensor")
        for node in ast.walk(function)
    )
