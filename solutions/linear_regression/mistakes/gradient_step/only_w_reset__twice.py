"""A slip of copy and paste: w is reset twice."""

import torch


@torch.no_grad()
def gradient_step(w, b, lr):
    w.sub_(lr * w.grad)
    b.sub_(lr * b.grad)
    w.grad.zero_()
    w.grad.zero_()
