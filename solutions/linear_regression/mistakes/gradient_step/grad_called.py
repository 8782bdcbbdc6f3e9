"""w.grad() with parentheses.

Shows: TypeError: 'Tensor' object is not callable.
Says: A tensor was called like a function. .grad, for one, is a tensor, not a method: leave its parentheses out.
Lesson: gradients
"""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= lr * w.grad()
        b -= lr * b.grad()
        w.grad.zero_()
        b.grad.zero_()
