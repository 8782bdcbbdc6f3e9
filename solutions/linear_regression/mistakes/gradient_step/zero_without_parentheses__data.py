"""The same with .data."""


def gradient_step(w, b, lr):
    w.data -= lr * w.grad.data
    b.data -= lr * b.grad.data
    w.grad.data.zero_
    b.grad.data.zero_
