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
    """A name that was given, or that goes over what was given, is assigned anew; `=-` is another mistake."""
    given = {argument.arg for node in ast.walk(function) if isinstance(node, ast.arguments) for argument in node.args}
    given |= {node.target.id for node in ast.walk(function) if isinstance(node, ast.For) and hasattr(node.target, "id")}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") in given for target in node.targets):
            first = node.value
            while isinstance(first, ast.BinOp):
                first = first.left
            owners = {id(part.value) for part in ast.walk(node.value) if isinstance(part, ast.Attribute)}
            names = [part for part in ast.walk(node.value) if isinstance(part, ast.Name) and id(part) not in owners]
            if isinstance(first, ast.UnaryOp) and all(part.id != getattr(node.targets[0], "id", "") for part in names):
                continue
            if any(isinstance(part, ast.Name) for part in ast.walk(node.value)):
                return True
    return False
