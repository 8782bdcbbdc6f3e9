# I wanted to see every single multiplication, so there are a lot of loops.
import torch


def copy_numbers(array):
    rows, columns = array.shape
    result = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            result[i, j] = float(array[i, j])
    return result


def to_tensors(inputs, targets):
    return copy_numbers(inputs), copy_numbers(targets)


def model(x, w, b):
    rows = []
    for i in range(x.shape[0]):
        row = []
        for j in range(w.shape[0]):
            total = b[j]
            for k in range(x.shape[1]):
                total = total + x[i][k] * w[j][k]
            row.append(total)
        rows.append(torch.stack(row))
    return torch.stack(rows)


def mse(t1, t2):
    total = 0.0
    for a, b in zip(t1.flatten(), t2.flatten()):
        total = total + (a - b) ** 2
    return total / t1.numel()


def gradient_step(w, b, lr):
    with torch.no_grad():
        for i in range(w.shape[0]):
            for j in range(w.shape[1]):
                w[i, j] -= lr * w.grad[i, j]
        for i in range(b.shape[0]):
            b[i] -= lr * b.grad[i]
    w.grad.zero_()
    b.grad.zero_()


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    epoch = 0
    while epoch < num_epochs:
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
        epoch = epoch + 1
    return losses
