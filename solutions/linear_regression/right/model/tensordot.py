"""Summed over the last axis of both."""

import torch


def model(x, w, b):
    return torch.tensordot(x, w, dims=([1], [1])) + b
