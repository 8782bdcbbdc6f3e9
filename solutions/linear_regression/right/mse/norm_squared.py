"""The length of the vector of differences, squared."""

import torch


def mse(t1, t2):
    return torch.linalg.vector_norm(t1 - t2) ** 2 / t1.numel()
