"""The same with sub_."""


def gradient_step(w, b, lr):
    w.sub_(lr * w.grad)
    b.sub_(lr * b.grad)
    w.grad = None
    b.grad = None
