"""Every number on its own."""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        for i in range(w.shape[0]):
            for j in range(w.shape[1]):
                w[i, j] -= lr * w.grad[i, j]
        for i in range(b.shape[0]):
            b[i] -= lr * b.grad[i]
    w.grad, b.grad = None, None
