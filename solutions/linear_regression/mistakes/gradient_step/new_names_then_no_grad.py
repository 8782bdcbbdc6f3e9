"""`w = w - ...`, after which the new w has no .grad to reset."""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w = w - lr * w.grad
        b = b - lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
