import torch


def to_tensors(inputs, targets):
    inputs = torch.from_numpy(inputs).float()
    targets = torch.from_numpy(targets).float()
    return inputs, targets


def model(x, w, b):
    return torch.addmm(b, x, w.T)


def mse(t1, t2):
    diff = t1 - t2
    return torch.sum(diff * diff) / diff.numel()


def gradient_step(w, b, lr):
    with torch.no_grad():
        for p in (w, b):
            p.sub_(lr * p.grad)
            p.grad.zero_()


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    preds = model(inputs, w, b)
    for epoch in range(num_epochs):
        loss = mse(preds, targets)
        losses.append(loss.item())
        loss.backward(retain_graph=True)  # it says so in the error message
        gradient_step(w, b, lr)
    return losses
