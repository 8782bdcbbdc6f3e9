""".float() is called, and what it returns is not kept.

Shows: The same values as from tensors that keep the arrays' dtype; it can only be seen in the source.
Says: The conversion to float32 makes a new tensor and leaves the old one as it is. Here the new one has no name and
is lost: keep it, and return it.
Lesson: arrays-to-tensors
"""

import ast

import torch


def to_tensors(inputs, targets):
    inputs = torch.from_numpy(inputs)
    targets = torch.from_numpy(targets)
    inputs.float()
    targets.float()
    return inputs, targets


def is_written(function):
    """A conversion stands alone as a statement."""
    for node in ast.walk(function):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            called = node.value.func
            if isinstance(called, ast.Attribute) and called.attr in ("float", "to", "type"):
                return True
    return False
