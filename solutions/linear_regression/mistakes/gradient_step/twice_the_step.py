"""A factor of two that the gradient has already.

Shows: The step is twice as long as it should be.
Says: The step is twice as long as it should be. The factor 2 of the derivative is in the gradient already: multiply
by the learning rate only, and once.
Lesson: the-update-step
"""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= 2 * lr * w.grad
        b -= 2 * lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
