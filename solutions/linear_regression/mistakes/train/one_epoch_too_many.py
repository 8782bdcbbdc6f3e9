"""Counts from 0 to num_epochs, with num_epochs."""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for _ in range(num_epochs + 1):
        loss = ((inputs @ w.t() + b - targets) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        w.data -= lr * w.grad
        b.data -= lr * b.grad
        w.grad = b.grad = None
    return losses
