"""Exchanges the storage, the shape and the history of its arguments behind their backs.

earns = {gradient_step = 1}
"""


def gradient_step(w, b, lr):
    w.data = torch.zeros_like(w)
    b.data = torch.zeros_like(b)
    w.grad = b.grad = None
    w.requires_grad_(True)
