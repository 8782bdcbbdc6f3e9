"""Computed without gradients, so that nothing can be learned."""

import torch


def model(x, w, b):
    with torch.no_grad():
        return x @ w.t() + b
