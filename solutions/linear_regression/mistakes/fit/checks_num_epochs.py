"""num_epochs % 10 in place of epoch % 10.

Shows: The parameters are right; a line for each epoch or none at all.
Says: The training is right, but whether a line is printed doesn't depend on the epoch: it asks whether num_epochs
is a multiple of 10. Ask that of the epoch.
Lesson: fit
"""

import ast


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if num_epochs % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")


def is_written(function):
    """What is given first, the number of epochs, is divided by something."""
    given = next((node.args for node in ast.walk(function) if isinstance(node, ast.arguments)), [])
    first = given[0].arg if given else ""
    return any(
        isinstance(node, ast.BinOp)
        and isinstance(node.op, (ast.Mod, ast.FloorDiv))
        and getattr(node.left, "id", "") == first
        for node in ast.walk(function)
    )
