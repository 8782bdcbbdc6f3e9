"""Gradients asked for, so that nothing has to be reset."""

import torch


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for _ in range(num_epochs):
        loss = torch.mean((torch.matmul(inputs, w.T) + b - targets) ** 2)
        grad_w, grad_b = torch.autograd.grad(loss, [w, b])
        with torch.no_grad():
            w.sub_(lr * grad_w)
            b.sub_(lr * grad_b)
        losses.append(loss.item())
    return losses
