"""The whole gradient is subtracted.

Shows: The step is too large by a factor of 1 / lr.
Says: w and b went the whole gradient down. That is far too far: the learning rate says which part of it to go.
Lesson: the-learning-rate
"""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= w.grad
        b -= b.grad
        w.grad.zero_()
        b.grad.zero_()
