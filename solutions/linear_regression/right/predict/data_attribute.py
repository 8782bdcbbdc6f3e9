""".data, and a small helper.

Advice: This works. But PyTorch doesn't see what is done by way of .data. detach() gives the same numbers, and lets
PyTorch notice should they be changed.
"""

import ast

import torch


def as_batch(region):
    return torch.Tensor(list(region))[None]


def predict(model, region):
    return model(as_batch(region)).data[0]


def is_written(function):
    """The data of something is read."""
    return any(isinstance(node, ast.Attribute) and node.attr == "data" for node in ast.walk(function))
