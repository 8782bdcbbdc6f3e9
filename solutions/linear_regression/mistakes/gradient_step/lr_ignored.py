"""The learning rate of the lesson, whatever it was given."""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= 1e-5 * w.grad
        b -= 1e-5 * b.grad
        w.grad.zero_()
        b.grad.zero_()
