"""The gradient stands before the rate."""

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        with torch.no_grad():
            w -= w.grad * lr
            b -= b.grad * lr
            w.grad.zero_()
            b.grad.zero_()
        loss.backward()
    return losses
