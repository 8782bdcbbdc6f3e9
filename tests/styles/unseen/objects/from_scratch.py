"""A class for everything, and the functions at the end."""

import numpy as np
import torch


class Converter:
    dtype = np.float32

    def __call__(self, inputs, targets):
        return tuple(torch.from_numpy(np.array(each, dtype=self.dtype)) for each in (inputs, targets))


class Affine:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def __matmul__(self, x):
        return torch.addmm(self.b, x, self.w.T)


class SquaredError:
    def __init__(self, found, wanted):
        self.error = found.sub(wanted)

    def mean(self):
        return self.error.pow(2).mean()


class Descent:
    def __init__(self, *parameters, lr):
        self.parameters, self.lr = parameters, lr

    def step(self):
        for parameter in self.parameters:
            parameter.data = parameter.data - self.lr * parameter.grad.data
            parameter.grad.data.zero_()


to_tensors = Converter()


def model(x, w, b):
    return Affine(w, b) @ x


def mse(t1, t2):
    return SquaredError(t1, t2).mean()


def gradient_step(w, b, lr):
    Descent(w, b, lr=lr).step()


def train(inputs, targets, w, b, lr, num_epochs):
    history, descent = [], Descent(w, b, lr=lr)
    while len(history) < num_epochs:
        loss = mse(model(inputs, w, b), targets)
        history += [float(loss)]
        loss.backward()
        descent.step()
    return history
