"""Old gradients are reset at the start of each epoch, and the last ones stay."""

import torch


def model(x, w, b):
    return torch.addmm(b, x, w.t())


def mse(t1, t2):
    diff = t1 - t2
    return torch.sum(diff * diff) / diff.numel()


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for _ in range(num_epochs):
        for p in (w, b):
            if p.grad is not None:
                p.grad.zero_()
        loss = mse(model(inputs, w, b), targets)
        loss.backward()
        losses.append(loss.detach().item())
        with torch.no_grad():
            for p in (w, b):
                p.add_(p.grad, alpha=-lr)
    return losses
