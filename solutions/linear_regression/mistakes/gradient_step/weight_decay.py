"""Each step also shrinks the weights."""

import torch


def gradient_step(w, b, lr, decay=0.1):
    with torch.no_grad():
        w -= lr * (w.grad + decay * w)
        b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
