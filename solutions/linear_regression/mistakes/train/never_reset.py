"""The gradients of all epochs add up."""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for _ in range(num_epochs):
        loss = ((inputs @ w.t() + b - targets) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        w.data -= lr * w.grad
        b.data -= lr * b.grad
    return losses
