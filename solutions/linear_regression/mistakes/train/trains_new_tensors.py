"""w = w - ...: after the first epoch, w is another tensor, without gradients.

Shows: RuntimeError in the second epoch: element 0 of tensors does not require grad; w and b are what they were.
Says: After the first step, w and b are other tensors than those that were given, and have no gradients: `w = w - ...`
makes new ones. Change the given ones in place.
Lesson: the-update-step
"""

import ast

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w = w - lr * w.grad
            b = b - lr * b.grad
    return losses


def is_written(function):
    """A parameter, or what goes over some of them, is assigned anew: itself minus something."""
    given = {argument.arg for node in ast.walk(function) if isinstance(node, ast.arguments) for argument in node.args}
    given |= {node.target.id for node in ast.walk(function) if isinstance(node, ast.For) and hasattr(node.target, "id")}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
            first = node.value
            while isinstance(first, ast.BinOp):
                first = first.left
            name = getattr(first, "id", "")
            if name in given and any(getattr(target, "id", "") == name for target in node.targets):
                return True
    return False
