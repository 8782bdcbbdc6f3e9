import torch

# short ones as lambdas
to_tensors = lambda inputs, targets: tuple(torch.tensor(a, dtype=torch.float32) for a in (inputs, targets))
model = lambda x, w, b: torch.mm(x, w.T) + b
mse = lambda t1, t2: ((t1 - t2) ** 2).mean()


def gradient_step(w, b, lr):
    w.data -= lr * w.grad.data
    b.data -= lr * b.grad.data
    w.grad.data.zero_()
    b.grad.data.zero_()


def train(inputs, targets, w, b, lr, num_epochs):
    def epoch():
        loss = mse(model(inputs, w, b), targets)
        loss.backward()
        gradient_step(w, b, lr)
        return loss.item()

    return [epoch() for _ in range(num_epochs)]
