"""One loss comes back.

Shows: A float, the loss of the last epoch.
Says: Only the loss of the last epoch came back. Keep one for each epoch, in a list.
Lesson: the-training-loop
"""

import torch


def train(x, y, w, b, lr, num_epochs):
    for _ in range(num_epochs):
        loss = cross_entropy(scores(x, w, b), y)
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad = b.grad = None
    return loss.item()
