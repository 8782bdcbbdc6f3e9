"""add_ of a negative multiple, in a loop over the parameters."""

import torch


def gradient_step(weights, bias, learning_rate):
    with torch.no_grad():
        for parameter in (weights, bias):
            parameter.add_(parameter.grad, alpha=-learning_rate)
            parameter.grad.zero_()
