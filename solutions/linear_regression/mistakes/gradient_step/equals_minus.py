"""w =- ... in place of w -= ...

Shows: The same as from w = w - ...; it can only be seen in the source.
Says: `=-` is not `-=`: it gives the name w to a new tensor, minus the step, and the old w stays as it was. Put the
minus before the equals sign.
Lesson: the-update-step
"""

import ast

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w =- lr * w.grad
        b =- lr * b.grad
        w.grad.zero_()
        b.grad.zero_()


def is_written(function):
    """The minus of something is assigned to a name that was given, and what it was plays no part in it."""
    given = {argument.arg for node in ast.walk(function) if isinstance(node, ast.arguments) for argument in node.args}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") in given for target in node.targets):
            first = node.value
            while isinstance(first, ast.BinOp):
                first = first.left
            owners = {id(part.value) for part in ast.walk(node.value) if isinstance(part, ast.Attribute)}
            names = [part for part in ast.walk(node.value) if isinstance(part, ast.Name) and id(part) not in owners]
            if isinstance(first, ast.UnaryOp) and isinstance(first.op, ast.USub):
                return all(part.id != getattr(node.targets[0], "id", "") for part in names)
    return False
