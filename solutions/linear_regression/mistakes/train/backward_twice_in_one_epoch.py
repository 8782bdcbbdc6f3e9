"""backward is called twice on one loss.

Shows: RuntimeError: Trying to backward through the graph a second time, in the first epoch.
Says: backward() is called twice on one loss: the first call uses up the graph, and the second finds none. Call it once
in each epoch.
Lesson: the-training-loop
"""

import ast


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        loss.backward()
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses


def is_written(function):
    """backward is called twice on the same name, and that gets no other value in between."""
    seen = set()
    for node in sorted(filter(has_line, ast.walk(function)), key=lambda node: (node.lineno, node.col_offset)):
        if isinstance(node, ast.Assign):
            seen -= {getattr(target, "id", "") for target in node.targets}
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "backward":
            name = getattr(node.func.value, "id", "")
            if name in seen:
                return True
            seen.add(name)
    return False


def has_line(node):
    """It stands somewhere."""
    return isinstance(node, (ast.Assign, ast.Call))
