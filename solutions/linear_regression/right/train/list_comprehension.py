"""An epoch is a function, and training a list of what it returns."""

import torch


def one_epoch(inputs, targets, w, b, lr):
    error = torch.einsum("nd,td->nt", inputs, w) + b - targets
    loss = (error * error).mean()
    loss.backward()
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    w.grad = b.grad = None
    return loss.item()


def train(inputs, targets, w, b, lr, num_epochs):
    return [one_epoch(inputs, targets, w, b, lr) for _ in range(num_epochs)]
