"""The loss is detached, and made to require gradients again.

Shows: TypeError about NoneType: backward() runs, and w and b get no gradients.
Says: The loss was cut off from w and b, or rebuilt from its number, and then told to require gradients: backward()
runs, and w and b get none. Call backward() on the loss that mse returns.
Lesson: gradients
"""

import ast


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets).detach().requires_grad_()
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses


def is_written(function):
    """The loss is made to require gradients by hand, as it doesn't by itself any more. What is given a parameter's name
    is no loss, and neither is a copy of a parameter."""
    given = {argument.arg for node in ast.walk(function) if isinstance(node, ast.arguments) for argument in node.args}
    assigned = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
    others = [node for node in assigned if any(getattr(to, "id", "") in given for to in node.targets)]
    skipped = {id(part) for node in others for part in ast.walk(node)}
    for node in ast.walk(function):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Call) and beginning(node) in given:
            continue
        if isinstance(node, ast.Call) and (
            getattr(node.func, "attr", "") == "requires_grad_"
            or any(keyword.arg == "requires_grad" for keyword in node.keywords)
        ):
            return True
        if isinstance(node, ast.Assign) and any(getattr(to, "attr", "") == "requires_grad" for to in node.targets):
            return True
    return False


def beginning(node):
    """The name that a chain of calls begins with, or else that of what is given to the first of them."""
    while isinstance(node, (ast.Call, ast.Attribute)):
        called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        makes = called and node.func.attr in ("tensor", "Variable", "Parameter", "clone", "detach") and node.args
        node = node.args[0] if makes else node.func if isinstance(node, ast.Call) else node.value
    return getattr(node, "id", "")
