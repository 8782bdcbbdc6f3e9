"""The gradients are never reset.

Shows: Right in the first epoch, then too far.
Says: The gradients are never reset, and so every step carries all the earlier ones along. Reset both after each step.
Lesson: the-training-loop
"""

import torch


def train(x, y, w, b, lr, num_epochs):
    losses = []
    for _ in range(num_epochs):
        loss = cross_entropy(scores(x, w, b), y)
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return losses
