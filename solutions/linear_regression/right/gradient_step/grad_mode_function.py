"""The grad mode switched off by hand, and on again."""

import torch


def gradient_step(w, b, lr):
    torch.set_grad_enabled(False)
    w -= lr * w.grad
    b -= lr * b.grad
    torch.set_grad_enabled(True)
    w.grad.zero_()
    b.grad.zero_()
