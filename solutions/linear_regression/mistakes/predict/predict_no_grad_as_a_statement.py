"""torch.no_grad() is a statement of its own.

Shows: As without it: the right numbers, attached to a graph.
Says: The numbers are right, but they are still attached to the graph. torch.no_grad() on a line of its own changes
nothing: the `with` is missing, and what it is for must be indented below it.
Lesson: a-new-region
"""

import ast

import torch


def predict(model, region):
    torch.no_grad()
    return model(torch.tensor([list(region)], dtype=torch.float32))[0]


def is_written(function):
    """What switches recording off is called or named on a line of its own, and not used in a with."""
    return any(
        isinstance(node, ast.Expr)
        and any(getattr(part, "attr", getattr(part, "id", "")) in OFF for part in (node.value, called(node.value)))
        for node in ast.walk(function)
    )


def called(node):
    """What is called, where something is."""
    return node.func if isinstance(node, ast.Call) else node


OFF = ("no_grad", "inference_mode")
