"""New storage behind the same tensors; grad = None."""


def gradient_step(w, b, lr):
    w.data = w.data - lr * w.grad
    b.data = b.data - lr * b.grad
    w.grad = None
    b.grad = None
