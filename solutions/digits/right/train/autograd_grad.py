"""Gradients on the side."""

import torch


def train(x, y, w, b, lr, num_epochs):
    losses = []
    for _ in range(num_epochs):
        loss = cross_entropy(scores(x, w, b), y)
        losses.append(float(loss))
        slopes = torch.autograd.grad(loss, (w, b))
        for parameter, slope in zip((w, b), slopes):
            parameter.data.sub_(lr * slope)
    return losses
