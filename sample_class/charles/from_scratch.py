import torch


def to_tensors(inputs, targets):
    # the layers compute in float32
    return torch.from_numpy(inputs).to(torch.float32), torch.from_numpy(targets).to(torch.float32)


def model(x, w, b):
    return torch.mm(x, w.t()).add(b)


def mse(t1, t2):
    return torch.sqrt(torch.mean((t1 - t2) ** 2))


def gradient_step(w, b, lr):
    # downhill, so minus
    w.data -= lr * w.grad
    b.data -= lr * b.grad
    w.grad.zero_()
    b.grad.zero_()


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for i in range(num_epochs):
        loss = mse(targets, model(inputs, w, b))
        losses += [loss.item()]
        loss.backward()
        gradient_step(w, b, lr)
    return losses
