"""1e-3 in its place."""

import torch


def gradient_step(w, b, lr):
    lr = 1e-3
    with torch.no_grad():
        for p in (w, b):
            p -= lr * p.grad
            p.grad.zero_()
