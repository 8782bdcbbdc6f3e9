"""The gradients are reset before they are used.

Shows: w and b have not changed, and the gradients are zero.
Says: w and b have not changed: the gradients were reset before the step could use them. Step first, reset
afterwards.
Lesson: the-update-step
"""

import ast

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w.grad.zero_()
        b.grad.zero_()
        w -= lr * w.grad
        b -= lr * b.grad


def is_written(function):
    """A gradient is filled with zeros before the first change in place that uses it."""
    resets, steps = [], []
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "zero_":
                resets.append(node.lineno)
            elif node.func.attr in ("sub_", "add_", "copy_"):
                steps.append(node.lineno)
        elif isinstance(node, ast.AugAssign) and any(
            isinstance(part, ast.Attribute) and part.attr == "grad" for part in ast.walk(node.value)
        ):
            steps.append(node.lineno)
    return bool(resets and steps) and min(resets) < min(steps)
