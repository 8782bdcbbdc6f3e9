"""Each parameter's gradient is reset just before its step."""

import torch


@torch.no_grad()
def gradient_step(w, b, lr):
    for p in (w, b):
        p.grad.zero_()
        p.add_(p.grad, alpha=-lr)
