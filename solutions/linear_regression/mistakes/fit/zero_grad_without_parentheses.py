"""zero_grad is named and not called.

Shows: The same as no reset at all; it can only be seen in the source.
Says: `zero_grad` without parentheses only names the method, and nothing is called: the gradients of all batches add
up. Add the parentheses.
Lesson: why-gradients-add-up
"""

import ast


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")


def is_written(function):
    """The method zero_grad stands alone as a statement, without a call."""
    return any(
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute) and node.value.attr == "zero_grad"
        for node in ast.walk(function)
    )
