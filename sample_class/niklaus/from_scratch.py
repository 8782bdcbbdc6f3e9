import torch


def to_tensors(inputs, targets):
    return torch.tensor(inputs, dtype=torch.float32), torch.tensor(targets, dtype=torch.float32)


def model(x, w, b):
    # (n, d) times (d, t)
    return torch.matmul(x, w.T) + b


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
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        loss.backward()
        gradient_step(w, b, lr)
        # how good is it now?
        new_loss = mse(model(inputs, w, b), targets)
        losses.append(new_loss.item())
    return losses
