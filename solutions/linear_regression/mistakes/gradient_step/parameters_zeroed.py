"""The parameters are set to zero in place of their gradients."""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
        w.zero_()
        b.zero_()
