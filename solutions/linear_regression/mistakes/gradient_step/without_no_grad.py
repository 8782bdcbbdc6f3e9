"""PyTorch is recording, and refuses to change a leaf."""


def gradient_step(w, b, lr):
    w -= lr * w.grad
    b -= lr * b.grad
    w.grad.zero_()
    b.grad.zero_()
