"""A class that keeps the history, called like a function."""

import torch


class Trainer:
    def __init__(self, verbose=False):
        self.verbose = verbose

    def predict(self, x, w, b):
        return x @ w.t() + b

    def __call__(self, x, y, w, b, lr, num_epochs):
        history = []
        for epoch in range(num_epochs):
            loss = torch.mean((self.predict(x, w, b) - y) ** 2)
            history.append(loss.item())
            if self.verbose:
                print(epoch, history[-1])
            loss.backward()
            w.data.sub_(w.grad, alpha=lr)
            b.data.sub_(b.grad, alpha=lr)
            w.grad, b.grad = None, None
        return history


train = Trainer()
