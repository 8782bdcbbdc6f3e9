"""A matrix times a vector, for each row."""

import torch


def model(x, w, b):
    return torch.stack([torch.mv(w, row) + b for row in x])
