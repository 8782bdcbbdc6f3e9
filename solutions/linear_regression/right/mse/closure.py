"""Made by another function."""

import torch


def make_loss(square):
    def loss(t1, t2):
        return square(t1 - t2).sum() / t1.numel()

    return loss


mse = make_loss(torch.square)
