"""The loss is computed before the loop, too."""

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    loss = mse(model(inputs, w, b), targets)
    for epoch in range(num_epochs):
        losses.append(loss.item())
        loss.backward(retain_graph=True)
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
            w.grad.zero_()
            b.grad.zero_()
    return losses
