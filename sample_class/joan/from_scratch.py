import torch


def to_tensors(inputs, targets):
    inputs = torch.from_numpy(inputs).float()
    targets = torch.from_numpy(targets).float()
    return inputs, targets


def model(x, w, b):
    weighted = x @ w.transpose(0, 1)
    return weighted + b


def mse(t1, t2):
    return torch.mean(torch.square(t1 - t2))


def gradient_step(w, b, lr):
    with torch.no_grad():
        w += lr * w.grad
        b += lr * b.grad
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
