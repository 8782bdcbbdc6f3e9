"""After the step the tensors no longer want gradients."""


def gradient_step(w, b, lr):
    for p in (w, b):
        p.requires_grad_(False)
        p -= lr * p.grad
        p.grad.zero_()
