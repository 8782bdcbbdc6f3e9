"""PyTorch's optimizer does the steps."""

import torch


def model(x, w, b):
    return x @ w.t() + b


def train(inputs, targets, w, b, lr, num_epochs):
    opt = torch.optim.SGD([w, b], lr=lr)
    losses = []
    for _ in range(num_epochs):
        opt.zero_grad()
        loss = ((model(inputs, w, b) - targets) ** 2).mean()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses
