"""The step is written out, and b keeps its gradient.

Shows: The first two losses are right; then b moves too far.
Says: The gradient of b is never reset, so that its gradients of all epochs add up and it moves too far. Reset both
in every epoch.
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
            w.grad.zero_()
    return losses
