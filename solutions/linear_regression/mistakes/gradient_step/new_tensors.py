"""w = w - ...: new tensors under the old names; the reset fails.

Shows: w and b have not changed; AttributeError: 'NoneType' object has no attribute 'zero_'.
Says: w and b themselves have not changed: `w = ...` makes a new tensor and gives it the old name, inside the
function only, and the new one has no gradient. Change the tensors in place.
Lesson: the-update-step
"""

import ast

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w = w - lr * w.grad
        b = b - lr * b.grad
        w.grad.zero_()
        b.grad.zero_()


def is_written(function):
    """A name that was given, or that goes over what was given, is assigned anew, but not to the minus of something."""
    given = {argument.arg for node in ast.walk(function) if isinstance(node, ast.arguments) for argument in node.args}
    given |= {node.target.id for node in ast.walk(function) if isinstance(node, ast.For) and hasattr(node.target, "id")}
    return any(
        isinstance(node, ast.Assign)
        and any(getattr(target, "id", "") in given for target in node.targets)
        and not isinstance(node.value, ast.UnaryOp)
        for node in ast.walk(function)
    )
