"""The data is told to require gradients, which it never needs.

Advice: This works. But nobody changes the data by its gradients, and computing them costs time in each step. Only the
parameters need requires_grad.
"""

import ast

import torch


def to_tensors(inputs, targets):
    x = torch.tensor(inputs, dtype=torch.float32, requires_grad=True)
    y = torch.tensor(targets, dtype=torch.float32, requires_grad=True)
    return x, y


def is_written(function):
    """A tensor is told to require gradients."""
    return any(
        (isinstance(node, ast.keyword) and node.arg == "requires_grad" and getattr(node.value, "value", True) is True)
        or (isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "requires_grad_")
        for node in ast.walk(function)
    )
