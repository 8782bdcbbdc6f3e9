"""Detached in place."""


def gradient_step(w, b, lr):
    w.detach_()
    b.detach_()
    w -= lr * w.grad
    b -= lr * b.grad
    w.grad = None
    b.grad = None
