"""The new tensors have new names, and are returned."""


def gradient_step(w, b, lr):
    new_w = w - lr * w.grad
    new_b = b - lr * b.grad
    return new_w, new_b
