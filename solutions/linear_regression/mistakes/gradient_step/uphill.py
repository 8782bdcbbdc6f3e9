"""Plus: up the hill.

Shows: w and b moved by the right amount the wrong way.
Says: w and b went uphill: the gradient points to where the loss grows. Subtract the step, don't add it.
Lesson: the-update-step
"""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w += lr * w.grad
        b += lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
