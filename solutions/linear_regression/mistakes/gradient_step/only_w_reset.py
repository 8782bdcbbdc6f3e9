"""The bias keeps its gradient.

Shows: w and b are right, the gradient of w is reset, that of b is not.
Says: The gradient of w is reset, but that of b stays, and will be added to. Reset both.
Lesson: why-gradients-add-up
"""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
        w.grad.zero_()
