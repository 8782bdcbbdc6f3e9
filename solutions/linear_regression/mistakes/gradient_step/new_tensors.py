"""w = w - ...: new tensors under the old names; the reset fails.

Shows: w and b have not changed; AttributeError: 'NoneType' object has no attribute 'zero_'.
Says: w and b themselves have not changed: `=` gives a name to a new tensor, inside the function only, and leaves the
old one as it was. Change the given tensors in place.
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
    """A name that was given, or that goes over what was given, is assigned anew; or what is made of one gets another
    name and nothing is changed in place. `=-` is another mistake."""
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
    return not any(map(changes_in_place, ast.walk(function))) and makes_new_ones(function, given)


def makes_new_ones(function, given):
    """A parameter minus something gets a name of its own, or is returned."""
    for node in ast.walk(function):
        values = [node.value] if isinstance(node, (ast.Assign, ast.Return)) else []
        for value in [part for each in values for part in getattr(each, "elts", [each])]:
            first = value
            while isinstance(first, ast.BinOp) and isinstance(first.op, (ast.Add, ast.Sub)):
                first = first.left
            if isinstance(value, ast.BinOp) and getattr(first, "id", "") in given:
                return True
    return False


def changes_in_place(node):
    """It changes a tensor, but for a gradient, or gives it to something that may."""
    if isinstance(node, ast.AugAssign):
        return "grad" not in ast.dump(node.target)
    if isinstance(node, ast.Assign):
        return any(
            isinstance(target, (ast.Attribute, ast.Subscript)) and "grad" not in ast.dump(target)
            for target in node.targets
        )
    if not isinstance(node, ast.Call):
        return False
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if name.endswith("_"):
        return "'grad'" not in ast.dump(node.func)
    return name not in ("no_grad", "clone", "detach", "zeros_like", "print", "enumerate", "zip")
