import torch


def to_tensors(inputs, targets):
    return torch.tensor(inputs, dtype=torch.float32), torch.tensor(targets, dtype=torch.float32)


def model(x, w, b):
    weighted = x @ w.transpose(0, 1)
    return weighted + b


def mse(t1, t2):
    return ((t1 - t2) ** 2).mean()


def gradient_step(w, b, lr):
    # downhill, so minus
    w.data -= lr * w.grad
    b.data -= lr * b.grad
    w.grad.zero_()
    b.grad.zero_()


def train(inputs, targets, w, b, lr, num_epochs):
    history = []
    for _ in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        loss.backward()
        gradient_step(w, b, lr)
        history.append(loss.item())
    return history
