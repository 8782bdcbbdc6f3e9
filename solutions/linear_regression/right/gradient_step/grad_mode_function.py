"""The grad mode switched off by hand, and on again.

Advice: This works. But should anything go wrong before the recording is switched on again, it stays off everywhere. A
with block, such as torch.no_grad(), switches it on again by itself.
"""

import ast

import torch


def gradient_step(w, b, lr):
    torch.set_grad_enabled(False)
    w -= lr * w.grad
    b -= lr * b.grad
    torch.set_grad_enabled(True)
    w.grad.zero_()
    b.grad.zero_()


def is_written(function):
    """The mode is switched by a statement, not by a with block."""
    return any(
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "attr", getattr(node.value.func, "id", "")) == "set_grad_enabled"
        for node in ast.walk(function)
    )
