"""New tensors are returned, and nothing is reset."""


def gradient_step(w, b, lr):
    w = w - lr * w.grad
    b = b - lr * b.grad
    return w, b
