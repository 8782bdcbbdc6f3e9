"""The graph of each epoch is kept, which nobody needs.

Advice: This works. But each epoch makes a graph of its own, so that retain_graph=True only keeps memory that nobody
needs. Where it seems to be needed, something is often computed too early.
"""

import ast

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        loss.backward(retain_graph=True)
        with torch.no_grad():
            for parameter in [w, b]:
                parameter -= lr * parameter.grad
                parameter.grad.zero_()
        losses.append(loss.item())
    return losses


def is_written(function):
    """A backward pass is told to keep the graph."""
    return any(
        isinstance(node, ast.keyword) and node.arg == "retain_graph" and getattr(node.value, "value", False) is True
        for node in ast.walk(function)
    )
