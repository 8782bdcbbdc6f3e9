import torch


def to_tensors(inputs, targets):
    x = torch.from_numpy(inputs.astype("float32"))
    y = torch.from_numpy(targets.astype("float32"))
    return x, y


def model(x, w, b):
    weighted = x @ w.transpose(0, 1)
    return weighted + b


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
    losses = []
    for epoch in range(num_epochs):
        preds = model(inputs, w, b)
        loss = mse(preds, targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
