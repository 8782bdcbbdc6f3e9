"""Predicts once, before the loop.

Shows: The same loss in every epoch, while w and b move on and on by the same amounts.
Says: The loss stays what it was, since the predictions do: they were computed once, with the first w and b, and
don't change by themselves. Predict again in each epoch.
Lesson: predictions-and-targets
"""

import ast


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    preds = model(inputs, w, b)
    for epoch in range(num_epochs):
        loss = mse(preds, targets)
        losses.append(loss.item())
        loss.backward(retain_graph=True)
        gradient_step(w, b, lr)
    return losses


def is_written(function):
    """No loop looks at the first parameter, the inputs."""
    inputs = next((node.args[0].arg for node in ast.walk(function) if isinstance(node, ast.arguments) if node.args), "")
    loops = [node for node in ast.walk(function) if isinstance(node, (ast.For, ast.While))]
    return bool(loops) and not any(
        isinstance(node, ast.Name) and node.id == inputs for loop in loops for node in ast.walk(loop)
    )
