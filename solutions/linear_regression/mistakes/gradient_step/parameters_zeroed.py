"""The parameters are set to zero in place of their gradients.

Shows: w and b are zero, the gradients what they were.
Says: w and b were set to zero, and all that they had learned is gone. It is their gradients that have to be reset.
Lesson: why-gradients-add-up
"""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
        w.zero_()
        b.zero_()
