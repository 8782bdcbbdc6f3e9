"""The biases as plain numbers."""

import torch


def model(x, w, b):
    return x @ w.t() + torch.tensor(b.tolist())
