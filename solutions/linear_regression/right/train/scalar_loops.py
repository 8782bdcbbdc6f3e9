"""Predictions and loss from single numbers."""

import torch


def model(x, w, b):
    rows = []
    for row in x:
        rows.append(torch.stack([(row * w[j]).sum() + b[j] for j in range(len(b))]))
    return torch.stack(rows)


def mse(t1, t2):
    total = 0.0
    for p, t in zip(t1.flatten(), t2.flatten()):
        total = total + (p - t) ** 2
    return total / t1.numel()


@torch.no_grad()
def gradient_step(w, b, lr):
    for p in (w, b):
        p.sub_(lr * p.grad)
        p.grad = None


def train(inputs, targets, w, b, lr, num_epochs):
    losses = [0.0] * num_epochs
    for i in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses[i] = loss.item()
        loss.backward()
        gradient_step(w, b, lr)
    return losses
