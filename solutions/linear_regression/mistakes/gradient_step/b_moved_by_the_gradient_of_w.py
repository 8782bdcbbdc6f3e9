"""A slip of copy and paste: b -= lr * w.grad.

Shows: RuntimeError: output with shape [2] doesn't match the broadcast shape [2, 3]; with one weight, a wrong b.
Says: b was moved by something of the shape of w, such as the gradient of w. b has a gradient of its own: look at
which name stands before .grad.
Lesson: the-update-step
"""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * w.grad
        w.grad.zero_()
        b.grad.zero_()
