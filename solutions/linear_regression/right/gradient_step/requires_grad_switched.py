"""Not a parameter for the length of the update."""


def gradient_step(w, b, lr):
    for p in (w, b):
        p.requires_grad_(False)
        p -= lr * p.grad
        p.grad.zero_()
        p.requires_grad_(True)
