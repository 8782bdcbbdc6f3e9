"""The step is written out with sub_ and alpha."""

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        with torch.no_grad():
            for p in (w, b):
                p.sub_(p.grad, alpha=lr)
                p.grad.zero_()
        loss.backward()
    return losses
