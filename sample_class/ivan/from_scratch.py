import torch


def to_tensors(inputs, targets):
    x = torch.from_numpy(inputs.astype("float32"))
    y = torch.from_numpy(targets.astype("float32"))
    return x, y


def model(x, w, b):
    return torch.addmm(b, x, w.T)


def mse(t1, t2):
    return torch.mean(torch.square(t1 - t2))


def gradient_step(w, b, lr):
    with torch.no_grad():
        for p in (w, b):
            p.sub_(lr * p.grad)
            p.grad.zero_()


def train(inputs, targets, w, b, lr, num_epochs):
    history = []
    for _ in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        loss.backward()
        gradient_step(w, b, lr)
        history.append(loss.item())
    return history
