"""The gradients together are at most one long."""

import torch


def gradient_step(w, b, lr):
    torch.nn.utils.clip_grad_norm_([w, b], 1.0)
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
