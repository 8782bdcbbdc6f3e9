import torch


def to_tensors(inputs, targets):
    x = torch.from_numpy(inputs.astype("float32"))
    y = torch.from_numpy(targets.astype("float32"))
    return x, y


def model(x, w, b):
    return torch.matmul(x, w.t())


def mse(t1, t2):
    diff = t1 - t2
    return torch.sum(diff * diff) / diff.numel()


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
