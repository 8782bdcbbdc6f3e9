"""w.grad() with parentheses.

Shows: TypeError: 'Tensor' object is not callable.
Says: .grad is a tensor, not a method: it can't be called. Leave the parentheses out.
Lesson: gradients
"""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= lr * w.grad()
        b -= lr * b.grad()
        w.grad.zero_()
        b.grad.zero_()
