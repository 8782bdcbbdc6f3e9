"""step is named and not called.

Shows: The parameters are what they were; it can only be seen in the source.
Says: The model has not changed: `step` without parentheses only names the method, and nothing is called. Add the
parentheses.
Lesson: the-optimizer
"""

import ast


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")


def is_written(function):
    """The method step stands alone as a statement, without a call."""
    return any(
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute) and node.value.attr == "step"
        for node in ast.walk(function)
    )
