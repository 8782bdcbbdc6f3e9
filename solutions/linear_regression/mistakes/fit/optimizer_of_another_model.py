"""An optimizer of the notebook's, for another model.

Shows: The parameters are what they were; it is told apart from its likes in the source.
Says: The model has not changed: the step is taken by an optimizer from outside the function, which belongs to another
model. Use the optimizer that the function is given.
Lesson: the-optimizer
"""

import ast

import torch

net = torch.nn.Linear(3, 2)
optimizer = torch.optim.SGD(net.parameters(), lr=1e-5)


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")


def is_written(function):
    """A step is asked of a name that is neither given nor made within."""
    inside = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    inside |= {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "step"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id not in inside
        for node in ast.walk(function)
    )
