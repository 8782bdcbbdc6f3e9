"""with torch.no_grad:, without a call.

Shows: TypeError: 'type' object does not support the context manager protocol.
Says: A `with` block needs an object, and was given a class. `torch.no_grad` without parentheses is only the name of a
class: add the parentheses.
Lesson: the-update-step
"""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad:
        w -= lr * w.grad
        b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
