"""zero_ is named and not called.

Shows: The same as no reset at all; it can only be seen in the source.
Says: The step is right, but the gradients stay: without parentheses, `zero_` only names the method, and nothing is
called. Add them.
Lesson: why-gradients-add-up
"""

import ast

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
        w.grad.zero_
        b.grad.zero_


def is_written(function):
    """The method zero_ stands alone as a statement, without a call."""
    return any(
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute) and node.value.attr == "zero_"
        for node in ast.walk(function)
    )
