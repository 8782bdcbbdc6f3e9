"""A closure over the data and the parameters."""

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    def loss_now():
        return torch.mean((inputs @ w.t() + b - targets) ** 2)

    @torch.no_grad()
    def step():
        for p in (w, b):
            p -= lr * p.grad
            p.grad.zero_()

    losses = []
    for _ in range(num_epochs):
        loss = loss_now()
        loss.backward()
        step()
        losses.append(loss.item())
    return losses
