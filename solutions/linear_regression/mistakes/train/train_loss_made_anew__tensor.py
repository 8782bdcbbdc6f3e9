"""A tensor is made of its number."""

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = torch.tensor(mse(model(inputs, w, b), targets).item(), requires_grad=True)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
