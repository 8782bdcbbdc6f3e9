"""With an optimizer."""

import torch


def train(x, y, w, b, lr, num_epochs):
    opt = torch.optim.SGD([w, b], lr=lr)
    losses = []
    for _ in range(num_epochs):
        opt.zero_grad()
        loss = cross_entropy(scores(x, w, b), y)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses
