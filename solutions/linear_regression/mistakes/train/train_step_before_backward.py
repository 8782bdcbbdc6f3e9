"""The step comes before the gradients.

Shows: The same as no backward at all; it can only be seen in the source.
Says: The step is taken before the backward pass, and finds no gradients. The backward pass computes them, so it
comes first.
Lesson: the-training-loop
"""

import ast


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        gradient_step(w, b, lr)
        loss.backward()
    return losses


def is_written(function):
    """A step is taken above the backward pass."""
    if hides_something(function):
        return False
    backward, steps = [], []
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name == "backward":
                backward.append(node.lineno)
            elif name in ("gradient_step", "sub_", "add_"):
                steps.append(node.lineno)
        elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Sub):
            steps.append(node.lineno)
    return bool(backward and steps) and min(steps) < min(backward)


def hides_something(function):
    """It isn't a plain function, or calls others that the module may have."""
    known = {"model", "mse", "gradient_step", "range", "print", "len", "float", "list"}
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return not isinstance(function, ast.FunctionDef) or any(getattr(call, "id", "range") not in known for call in calls)
