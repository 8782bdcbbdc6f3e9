import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(inputs), torch.from_numpy(targets)


def model(x, w, b):
    weighted = x @ w.transpose(0, 1)
    return weighted + b


def mse(t1, t2):
    return torch.mean(torch.square(t1 - t2))


@torch.no_grad()
def gradient_step(w, b, lr):
    w -= lr * w.grad
    b -= lr * b.grad
    w.grad = None
    b.grad = None


def train(inputs, targets, w, b, lr, num_epochs):
    history = []
    for _ in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        loss.backward()
        gradient_step(w, b, lr)
        history.append(loss.item())
    return history
