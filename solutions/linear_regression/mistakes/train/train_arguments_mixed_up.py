"""model(w, inputs, b).

Shows: RuntimeError about sizes, from the sum with b.
Says: The model was given its arguments in the wrong order. Pass the data first, then w, then b, as in its parameter
list.
Lesson: first-predictions
"""

import ast


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(w, inputs, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses


def is_written(function):
    """The model is called with another of the function's arguments in the first place than the first."""
    given = next((node.args for node in ast.walk(function) if isinstance(node, ast.arguments)), [])
    return any(
        isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "model"
        and bool(node.args)
        and getattr(node.args[0], "id", "") in {argument.arg for argument in given[1:]}
        for node in ast.walk(function)
    )
