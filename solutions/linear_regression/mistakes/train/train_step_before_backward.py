"""The step comes before the gradients.

Shows: The same as no backward at all; it can only be seen in the source.
Says: The step is taken before the backward pass, and finds no gradients. The backward pass computes them, so it
comes first.
Lesson: the-training-loop
"""

import ast


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        gradient_step(w, b, lr)
        loss.backward()
    return losses


def is_written(function):
    """The step is called above the backward pass."""
    lines = {"backward": [], "gradient_step": []}
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            lines.get(name, []).append(node.lineno)
    return bool(lines["backward"] and lines["gradient_step"]) and lines["gradient_step"][0] < lines["backward"][0]
