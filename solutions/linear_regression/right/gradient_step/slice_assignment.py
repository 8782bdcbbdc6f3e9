"""All elements assigned at once."""

import torch


@torch.no_grad()
def gradient_step(w, b, lr):
    w[:] = w - lr * w.grad
    b[:] = b - lr * b.grad
    w.grad[...] = 0
    b.grad[...] = 0
