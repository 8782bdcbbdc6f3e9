"""Lambdas for the small functions."""

model = lambda x, w, b: x @ w.t() + b
mse = lambda t1, t2: ((t1 - t2) ** 2).sum() / t1.numel()


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for _ in range(num_epochs):
        (loss := mse(model(inputs, w, b), targets)).backward()
        losses.append(loss.tolist())
        for p in (w, b):
            p.data -= lr * p.grad
            p.grad.zero_()
    return losses
