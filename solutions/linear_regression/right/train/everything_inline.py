"""No function but train itself, with .data and grad = None; the targets come first in the difference."""


def train(x, y, w, b, lr, epochs):
    history = []
    for epoch in range(epochs):
        loss = (y - (x.mm(w.t()) + b)).pow(2).mean()
        loss.backward()
        history += [loss.item()]
        w.data -= lr * w.grad.data
        b.data -= lr * b.grad.data
        w.grad = None
        b.grad = None
    return history
