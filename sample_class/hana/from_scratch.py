import torch


def to_tensors(inputs, targets):
    return torch.tensor(inputs, dtype=torch.float32), torch.tensor(targets, dtype=torch.float32)


def model(x, w, b):
    return torch.mm(x, w.t()).add(b)


def mse(t1, t2):
    error = t2 - t1
    return error.pow(2).mean()


def gradient_step(w, b, lr):
    with torch.no_grad():
        for p in (w, b):
            p.sub_(lr * p.grad)
            p.grad.zero_()


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    epoch = 0
    while epoch < num_epochs:
        loss = mse(model(inputs, w, b), targets)
        loss.backward()
        gradient_step(w, b, lr)
        losses.append(loss.item())
    return losses
