import torch


def float_tensor(array):
    return torch.from_numpy(array).type(torch.float32)


def to_tensors(inputs, targets):
    return float_tensor(inputs), float_tensor(targets)


def model(x, w, b):
    return torch.addmm(b, x, w.t())


def squared_error(t1, t2):
    return torch.square(t1 - t2)


def mse(t1, t2):
    return torch.sum(squared_error(t1, t2)) / t1.numel()


def update(parameters, lr):
    for p in parameters:
        p.detach().sub_(lr * p.grad)


def reset(parameters):
    for p in parameters:
        p.grad.zero_()


def gradient_step(w, b, lr):
    update([w, b], lr)
    reset([w, b])


def train(inputs, targets, w, b, lr, num_epochs):
    losses = [0.0] * num_epochs
    for i in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        loss.backward()
        losses[i] = loss.item()
        gradient_step(w, b, lr)
    return losses
