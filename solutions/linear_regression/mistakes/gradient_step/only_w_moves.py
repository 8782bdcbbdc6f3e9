"""The bias is forgotten in the step.

Shows: w is right, b is what it was; both gradients are reset.
Says: w moved, but b is what it was. The bias is learned like the weights: it takes its own step, with its own
gradient, before that gradient is reset.
Lesson: the-update-step
"""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= lr * w.grad
        w.grad.zero_()
        b.grad.zero_()
