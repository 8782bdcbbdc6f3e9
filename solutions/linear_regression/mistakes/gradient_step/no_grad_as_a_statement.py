"""torch.no_grad() is a statement of its own.

Shows: As without it: RuntimeError: a leaf Variable that requires grad is being used in an in-place operation.
Says: torch.no_grad() on a line of its own changes nothing: the `with` is missing, and what it is for must be indented
below it. PyTorch goes on recording, and doesn't let a parameter be changed in place meanwhile.
Lesson: the-update-step
"""

import ast

import torch


def gradient_step(w, b, lr):
    torch.no_grad()
    w -= lr * w.grad
    b -= lr * b.grad
    w.grad.zero_()
    b.grad.zero_()


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
