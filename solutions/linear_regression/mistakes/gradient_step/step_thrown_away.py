"""w.sub(...) without an underscore: a new tensor that nobody keeps.

Shows: w and b have not changed, and the gradients are zero: the same as when they are reset first.
Says: w and b have not changed: a new value was computed and not kept. Methods without an underscore, and operators,
make a new tensor and leave the old one alone.
Lesson: the-update-step
"""

import ast

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w.sub(lr * w.grad)
        b.sub(lr * b.grad)
    w.grad.zero_()
    b.grad.zero_()


def is_written(function):
    """A difference or sum stands alone as a statement, and isn't written anywhere."""
    for node in ast.walk(function):
        if isinstance(node, ast.Expr):
            value = node.value
            if isinstance(value, ast.BinOp):
                return True
            if isinstance(value, ast.Call) and getattr(value.func, "attr", "") in ("sub", "add", "subtract"):
                return all(keyword.arg != "out" for keyword in value.keywords)
    return False
