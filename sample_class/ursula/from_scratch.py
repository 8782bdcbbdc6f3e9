import torch


def to_tensors(inputs, targets):
    return torch.tensor(inputs, dtype=torch.float32), torch.tensor(targets, dtype=torch.float32)


def model(x, w, b):
    return x @ w.t() + b


def mse(t1, t2):
    error = t2 - t1
    return error.pow(2).mean()


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= w.grad * lr
        b -= b.grad * lr
        w.grad.zero_()
        b.grad.zero_()


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for i in range(num_epochs):
        loss = mse(targets, model(inputs, w, b))
        losses += [loss.item()]
        loss.backward()
        gradient_step(w, b, lr)
    return losses
