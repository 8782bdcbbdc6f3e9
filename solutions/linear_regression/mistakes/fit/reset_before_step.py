"""Gradients are reset between backward and step.

Shows: The parameters are what they were; it is told apart from its likes in the source.
Says: The model has not changed: the gradients are reset after the backward pass and before the step, so that the
step finds none. Reset them before the backward pass or after the step.
Lesson: the-optimizer
"""

import ast


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.zero_grad()
            opt.step()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")


def is_written(function):
    """The calls of a batch come in the order backward, zero_grad, step."""
    first = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            first[name] = min(node.lineno, first.get(name, node.lineno))
    order = sorted((name for name in ("backward", "zero_grad", "step") if name in first), key=first.get)
    return order == ["backward", "zero_grad", "step"]
