"""A step for each row: not gradient descent on all rows at once."""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for _ in range(num_epochs):
        losses.append(((inputs @ w.t() + b - targets) ** 2).mean().item())
        for x, y in zip(inputs, targets):
            loss = ((w @ x + b - y) ** 2).mean()
            loss.backward()
            w.data -= lr * w.grad
            b.data -= lr * b.grad
            w.grad = b.grad = None
    return losses
