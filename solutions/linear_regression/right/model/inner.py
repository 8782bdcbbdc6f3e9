"""torch.inner, which multiplies rows with rows."""

import torch


def model(x, w, b):
    return torch.inner(x, w) + b
