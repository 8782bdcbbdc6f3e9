"""The derivative by hand."""

import torch


@torch.no_grad()
def train(x, y, w, b, lr, num_epochs):
    losses = []
    for _ in range(num_epochs):
        s = scores(x, w, b)
        losses.append(cross_entropy(s, y).item())
        off = (softmax(s) - torch.eye(len(b))[y]) / len(y)
        w -= lr * off.T @ x
        b -= lr * off.sum(dim=0)
    return losses
