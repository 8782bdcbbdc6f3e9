"""A helper that closes over the learning rate."""

import torch


def updater(lr):
    @torch.no_grad()
    def update(tensor):
        tensor += -lr * tensor.grad
        tensor.grad *= 0

    return update


def gradient_step(w, b, lr):
    update = updater(lr)
    update(w)
    update(b)
