"""The loss is computed again after the step, and that one is noted."""

import torch


def model(x, w, b):
    return x @ w.t() + b


def mse(t1, t2):
    return ((t1 - t2) ** 2).mean()


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for _ in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        loss.backward()
        gradient_step(w, b, lr)
        losses.append(mse(model(inputs, w, b), targets).item())
    return losses
