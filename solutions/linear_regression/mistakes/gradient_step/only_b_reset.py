"""The weights keep their gradients.

Shows: w and b are right, the gradient of b is reset, that of w is not.
Says: The gradient of b is reset, but that of w stays, and will be added to. Reset both.
Lesson: why-gradients-add-up
"""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
        b.grad.zero_()
