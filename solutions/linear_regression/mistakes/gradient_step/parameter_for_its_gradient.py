"""lr * w in place of lr * w.grad.

Shows: w and b shrink by the factor 1 - lr.
Says: w and b were moved by a part of themselves, not of their gradients: they only shrink. The direction of the
step stands in .grad.
Lesson: the-update-step
"""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= lr * w
        b -= lr * b
        w.grad.zero_()
        b.grad.zero_()
