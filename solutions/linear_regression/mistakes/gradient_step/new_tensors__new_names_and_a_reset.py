"""The same, and the gradients are reset."""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w1 = w - lr * w.grad
        b1 = b - lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
    return w1, b1
