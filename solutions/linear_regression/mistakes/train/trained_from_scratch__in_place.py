"""The given tensors are drawn anew in place."""

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    with torch.no_grad():
        w.normal_()
        b.normal_()
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
