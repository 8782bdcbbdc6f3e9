"""Losses come out of a generator."""

import torch


def descend(inputs, targets, w, b, lr, steps):
    for _ in range(steps):
        loss = (torch.mm(inputs, w.t()) + b - targets).pow(2).mean()
        yield loss.item()
        loss.backward()
        with torch.no_grad():
            w.copy_(w - lr * w.grad)
            b.copy_(b - lr * b.grad)
        w.grad.zero_()
        b.grad.zero_()


def train(inputs, targets, w, b, lr, num_epochs):
    return list(descend(inputs, targets, w, b, lr, num_epochs))
