"""The loss is made anew of its number, and backward has no way to the model.

Shows: The parameters are what they were; it is told apart from its likes in the source.
Says: The model has not changed: the loss was cut off from it, or rebuilt from its number, and then told to require
gradients, so backward() can't reach the model. Call backward() on the loss that loss_fn returns.
Lesson: gradients
"""

import ast

import torch


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss = torch.tensor(loss.item(), requires_grad=True)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")


def is_written(function):
    """The loss is made to require gradients by hand, as it doesn't by itself any more. What is given a parameter's name
    is no loss."""
    given = {argument.arg for node in ast.walk(function) if isinstance(node, ast.arguments) for argument in node.args}
    assigned = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
    others = [node for node in assigned if any(getattr(to, "id", "") in given for to in node.targets)]
    skipped = {id(part) for node in others for part in ast.walk(node)}
    for node in ast.walk(function):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Call) and (
            getattr(node.func, "attr", "") == "requires_grad_"
            or any(keyword.arg == "requires_grad" for keyword in node.keywords)
        ):
            return True
        if isinstance(node, ast.Assign) and any(getattr(to, "attr", "") == "requires_grad" for to in node.targets):
            return True
    return False
