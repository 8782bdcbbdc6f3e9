"""The step is written out, without a reset.

Shows: The first two losses are right; from then on the steps grow.
Says: The gradients are never reset, so that those of all epochs add up and the steps go wrong. That the loss falls
all the same proves nothing: reset both in every epoch.
Lesson: why-gradients-add-up
"""

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return losses
