import torch
from torch import nn


def to_tensors(inputs, targets):
    x = torch.from_numpy(inputs.astype("float32"))
    y = torch.from_numpy(targets.astype("float32"))
    return x, y


def model(x, w, b):
    layer = nn.Linear(w.shape[1], w.shape[0])
    # use our own weights, with their gradients
    del layer.weight, layer.bias
    layer.weight, layer.bias = w, b
    return layer(x)


def mse(t1, t2):
    return torch.mean(torch.square(t1 - t2))


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= w.grad * lr
        b -= b.grad * lr
        w.grad.zero_()
        b.grad.zero_()


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        preds = model(inputs, w, b)
        loss = mse(preds, targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
