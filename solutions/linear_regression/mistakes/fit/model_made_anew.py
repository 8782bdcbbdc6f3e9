"""A new layer, drawn at random, takes the place of the model.

Shows: The model is what it was, and what is printed differs from run to run.
Says: The model that was given has not changed: a new layer, drawn at random, was made in its place. Train the model
that the function is given.
Lesson: the-linear-layer
"""

import ast

import torch
from torch import nn


def fit(num_epochs, model, loss_fn, opt, train_dl):
    model = nn.Linear(3, 2)
    opt = torch.optim.SGD(model.parameters(), lr=1e-5)
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")


def is_written(function):
    """A layer is made within."""
    return any(
        isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "Linear"
        for node in ast.walk(function)
    )
