"""torch.sub with the tensor itself as its out."""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        torch.sub(w, w.grad, alpha=lr, out=w)
        torch.sub(b, b.grad, alpha=lr, out=b)
    w.grad.mul_(0)
    b.grad.mul_(0)
