"""The step is not indented: one for all epochs.

Shows: The same loss in every epoch; w and b moved once, by all gradients together.
Says: The loss is the same in every epoch, and w and b moved only once, at the end. The step belongs into the loop:
one for each epoch.
Lesson: the-training-loop
"""

import ast


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
    gradient_step(w, b, lr)
    return losses


def is_written(function):
    """A step is taken, and not within a loop that looks at the inputs."""

    def steps(tree):
        return any(
            (isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in STEPS)
            or (isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Sub))
            for node in ast.walk(tree)
        )

    inputs = next((node.args[0].arg for node in ast.walk(function) if isinstance(node, ast.arguments) if node.args), "")
    loops = [
        loop
        for loop in ast.walk(function)
        if isinstance(loop, (ast.For, ast.While))
        and any(isinstance(node, ast.Name) and node.id == inputs for node in ast.walk(loop))
    ]
    return bool(loops) and steps(function) and not any(map(steps, loops))


STEPS = ("gradient_step", "step", "sub_", "add_")
