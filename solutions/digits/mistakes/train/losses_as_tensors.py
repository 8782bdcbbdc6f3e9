"""Tensors in the list.

Shows: A list of tensors.
Says: The list holds tensors, and each keeps its whole record alive. Note plain numbers: loss.item().
Lesson: the-training-loop
"""

import torch


def train(x, y, w, b, lr, num_epochs):
    losses = []
    for _ in range(num_epochs):
        loss = cross_entropy(scores(x, w, b), y)
        losses.append(loss)
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad = b.grad = None
    return losses
