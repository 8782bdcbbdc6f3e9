"""New tensors under the old names: the caller's stay as they were."""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w.grad, grad_w = None, w.grad
        b.grad, grad_b = None, b.grad
        w = w - lr * grad_w
        b = b - lr * grad_b
