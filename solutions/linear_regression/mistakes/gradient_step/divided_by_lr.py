"""The gradient is divided by the learning rate.

Shows: The step is too large by a factor of 1 / lr squared.
Says: The gradient was divided by the learning rate, so that a small rate makes a giant step. Multiply by it.
Lesson: the-learning-rate
"""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= w.grad / lr
        b -= b.grad / lr
        w.grad.zero_()
        b.grad.zero_()
