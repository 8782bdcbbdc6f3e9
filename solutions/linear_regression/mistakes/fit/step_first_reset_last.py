"""step, backward, zero_grad: the gradients never meet a step.

Shows: The parameters are what they were; it is told apart from its likes in the source.
Says: The model has not changed: the step comes before the backward pass, and the reset after it takes the gradients
away before the next step. The order is: backward, step, reset.
Lesson: the-optimizer
"""

import ast


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            opt.step()
            loss.backward()
            opt.zero_grad()
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
    return order == ["step", "backward", "zero_grad"]
