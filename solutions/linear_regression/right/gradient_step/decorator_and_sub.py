"""no_grad as a decorator, sub_ with alpha."""

import torch


@torch.no_grad()
def gradient_step(w, b, lr):
    w.sub_(w.grad, alpha=lr)
    b.sub_(b.grad, alpha=lr)
    w.grad = b.grad = None
