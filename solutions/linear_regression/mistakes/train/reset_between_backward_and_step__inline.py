"""The same without the function."""

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            w.grad.zero_()
            b.grad.zero_()
            w -= lr * w.grad
            b -= lr * b.grad
    return losses
