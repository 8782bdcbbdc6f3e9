"""Each loss is measured behind its step.

Shows: The list begins with the second loss.
Says: Each loss was measured after the step. The exercise asks for the loss before it: the one from which the
gradients come.
Lesson: the-training-loop
"""

import torch


def train(x, y, w, b, lr, num_epochs):
    losses = []
    for _ in range(num_epochs):
        loss = cross_entropy(scores(x, w, b), y)
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
            losses.append(cross_entropy(scores(x, w, b), y).item())
        w.grad = b.grad = None
    return losses
