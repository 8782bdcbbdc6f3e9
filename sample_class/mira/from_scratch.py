import torch


def to_tensors(inputs, targets):
    # the layers compute in float32
    return torch.from_numpy(inputs).to(torch.float32), torch.from_numpy(targets).to(torch.float32)


def model(x, w, b):
    weighted = x @ w.transpose(0, 1)
    return weighted + b


def mse(t1, t2):
    error = t2 - t1
    return error.pow(2).mean()


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
