"""The difference stands alone."""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w - lr * w.grad
        b - lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
