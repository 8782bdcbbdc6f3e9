"""w and b are drawn anew before training.

Shows: Losses that differ from run to run.
Says: w and b are drawn again at the start, so that what was given doesn't count. Train from the values that w and b
have.
Lesson: weights-and-biases
"""

import ast

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    w = torch.randn(targets.shape[1], inputs.shape[1], requires_grad=True)
    b = torch.randn(targets.shape[1], requires_grad=True)
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses


def is_written(function):
    """Numbers are drawn at random somewhere."""
    drawn = ("rand", "randn", "rand_like", "randn_like", "normal", "normal_", "uniform_", "random_")
    return any(
        isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in drawn
        for node in ast.walk(function)
    )
