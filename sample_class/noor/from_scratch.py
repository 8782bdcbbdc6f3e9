import torch
import torch.nn.functional as F


def to_tensors(inputs, targets):
    return torch.tensor(inputs, dtype=torch.float32), torch.tensor(targets, dtype=torch.float32)


def model(x, w, b):
    return x @ w.t() + b


def mse(t1, t2):
    return F.mse_loss(t1, t2)


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= w.grad * lr
        b -= b.grad * lr
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
