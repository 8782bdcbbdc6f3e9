"""Everything is within no_grad."""

import torch


@torch.no_grad()
def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
