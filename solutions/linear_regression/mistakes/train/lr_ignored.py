"""The learning rate is the lesson's, whatever it was given."""


def train(inputs, targets, w, b, lr, num_epochs):
    lr = 1e-5
    losses = []
    for _ in range(num_epochs):
        loss = ((inputs @ w.t() + b - targets) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        w.data -= lr * w.grad
        b.data -= lr * b.grad
        w.grad = b.grad = None
    return losses
