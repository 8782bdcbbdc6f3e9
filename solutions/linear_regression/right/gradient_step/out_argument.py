"""torch.sub with the tensor itself as its out.

Advice: This works while the gradients are finite: zero times infinity isn't zero. Filling a gradient with zeros, or
setting it to None, resets it always.
"""

import ast

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        torch.sub(w, w.grad, alpha=lr, out=w)
        torch.sub(b, b.grad, alpha=lr, out=b)
    w.grad.mul_(0)
    b.grad.mul_(0)


def is_written(function):
    """A gradient is multiplied by zero in place."""

    def is_zero(node):
        return isinstance(node, ast.Constant) and node.value == 0

    for node in ast.walk(function):
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Mult) and is_zero(node.value):
            return True
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "mul_" and any(map(is_zero, node.args)):
            return True
    return False
