"""The same with 0.0."""


def gradient_step(w, b, lr):
    w.data -= lr * w.grad
    w.grad = 0.0
    b.data -= lr * b.grad
    b.grad = 0.0
