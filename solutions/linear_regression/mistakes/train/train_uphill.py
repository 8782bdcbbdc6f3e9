"""Up the hill, and the losses grow.

Shows: The losses grow from epoch to epoch.
Says: The losses grow, since w and b go uphill: the gradient points to where the loss becomes larger. Subtract the
step, don't add it.
Lesson: the-update-step
"""

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w += lr * w.grad
            b += lr * b.grad
            w.grad.zero_()
            b.grad.zero_()
    return losses
