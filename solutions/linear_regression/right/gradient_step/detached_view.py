"""detach() shares the numbers, so that a change of one is a change of the other."""


def gradient_step(w, b, lr):
    for p in [w, b]:
        p.detach().sub_(lr * p.grad)
        p.grad = None
