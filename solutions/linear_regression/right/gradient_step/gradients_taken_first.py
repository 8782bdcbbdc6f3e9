"""The gradients are kept and reset before the update; the parameters are given back."""

import torch


def gradient_step(w, b, lr=1e-5):
    grad_w, grad_b = w.grad.clone(), b.grad.clone()
    w.grad.zero_()
    b.grad.zero_()
    with torch.no_grad():
        w -= lr * grad_w
        b -= lr * grad_b
    return w, b
