"""Predicts and computes the loss before the loop: the second backward finds no graph."""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    loss = ((inputs @ w.t() + b - targets) ** 2).mean()
    for _ in range(num_epochs):
        losses.append(loss.item())
        loss.backward()
        w.data -= lr * w.grad
        b.data -= lr * b.grad
        w.grad = b.grad = None
    return losses
