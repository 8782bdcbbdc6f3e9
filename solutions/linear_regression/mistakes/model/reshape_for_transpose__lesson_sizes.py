"""The sizes of the lesson are written into it."""

import torch


def model(x, w, b):
    return torch.matmul(x, w.reshape(3, 2)) + b
