"""Only w is trained.

Shows: b hasn't changed.
Says: Only w was changed. The biases are trained as well, in the same way.
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
        w.grad = b.grad = None
    return losses
