"""Gradients are never reset, so that they add up.

Shows: w and b are right; both gradients are what they were.
Says: The step is right, but the gradients stay. The next backward pass adds to them, so that every step after this
one goes too far: reset both.
Lesson: why-gradients-add-up
"""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
