"""The gradients are reset while the old names still mean the old tensors."""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        grad_w, grad_b = w.grad.clone(), b.grad.clone()
        w.grad.zero_()
        b.grad.zero_()
        w = w - lr * grad_w
        b = b - lr * grad_b
