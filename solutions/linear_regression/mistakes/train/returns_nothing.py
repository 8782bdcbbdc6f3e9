"""Trains, and forgets to tell the losses."""


def train(inputs, targets, w, b, lr, num_epochs):
    for _ in range(num_epochs):
        loss = ((inputs @ w.t() + b - targets) ** 2).mean()
        loss.backward()
        w.data -= lr * w.grad
        b.data -= lr * b.grad
        w.grad = b.grad = None
