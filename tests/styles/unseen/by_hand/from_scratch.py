"""As if autograd had to be watched: numbers one by one, gradients asked for by name."""

import torch


def to_tensors(inputs, targets):
    def one(array):
        rows, columns = array.shape
        tensor = torch.zeros(rows, columns)
        for i in range(rows):
            for j in range(columns):
                tensor[i, j] = float(array[i, j])
        return tensor

    return [one(inputs), one(targets)]


def model(x, w, b):
    n, t = x.size(0), w.size(0)
    columns = []
    for j in range(t):
        columns.append((x * w[j]).sum(dim=1) + b[j])
    answer = torch.cat(columns).reshape(t, n)
    return answer.transpose(0, 1)


def mse(t1, t2):
    total, many = 0, 0
    for one, other in zip(t1.reshape(-1), t2.reshape(-1)):
        total = total + (one - other) * (one - other)
        many += 1
    return total / many


def gradient_step(w, b, lr):
    torch.set_grad_enabled(False)
    try:
        w[...] = w - w.grad * lr
        b[...] = b - b.grad * lr
        for parameter in (w, b):
            parameter.grad = torch.zeros_like(parameter)
    finally:
        torch.set_grad_enabled(True)


def train(inputs, targets, w, b, lr, num_epochs):
    losses = [0.0] * num_epochs
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        w.grad, b.grad = torch.autograd.grad(loss, [w, b])
        losses[epoch] = loss.tolist()
        gradient_step(w, b, lr)
    return losses
