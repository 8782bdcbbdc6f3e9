"""Losses and gradients, but not one step.

Shows: The same loss in every epoch; w and b are what they were; told apart from its likes in the source.
Says: The loss is the same in every epoch, since w and b don't change: nothing takes a step. In each epoch, after
the backward pass, they have to be moved.
Lesson: the-training-loop
"""

import ast


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
    return losses


def is_written(function):
    """There is no mention of a step, and nothing is changed by a gradient."""
    if hides_something(function):
        return False
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            if getattr(node.func, "attr", getattr(node.func, "id", "")) in ("gradient_step", "step", "sub_", "add_"):
                return False
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Sub):
            return False
        if isinstance(node, (ast.AugAssign, ast.Assign)) and "grad" in ast.dump(node.value):
            return False
    return True


def hides_something(function):
    """It isn't a plain function, or calls others that the module may have."""
    known = {"model", "mse", "gradient_step", "range", "print", "len", "float", "list"}
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return not isinstance(function, ast.FunctionDef) or any(getattr(call, "id", "range") not in known for call in calls)
