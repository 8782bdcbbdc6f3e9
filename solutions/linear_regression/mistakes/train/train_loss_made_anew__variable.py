"""The old Variable around its data."""

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = torch.autograd.Variable(mse(model(inputs, w, b), targets).data, requires_grad=True)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
