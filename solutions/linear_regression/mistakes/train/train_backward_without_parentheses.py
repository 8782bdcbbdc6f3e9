"""backward is named and not called.

Shows: The same as no backward at all; it can only be seen in the source.
Says: `backward` without parentheses only names the method, and nothing is called: there are no gradients when the
step is taken. Add the parentheses.
Lesson: gradients
"""

import ast


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward
        gradient_step(w, b, lr)
    return losses


def is_written(function):
    """The method backward stands alone as a statement, without a call."""
    return any(
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute) and node.value.attr == "backward"
        for node in ast.walk(function)
    )
