"""The visible checks of `fit`."""

import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

from grader.checks import Tolerance, check
from grader.selfcheck.optimizer import SGD

X = [[0, 0.25, 1], [1, 0.5, 0], [0.75, 0, 0.25], [0, 1, 0.5], [0.5, 0.5, 0.75]]
Y = [2, 0, 0, 1, 2]
HELD_X = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]]
HELD_Y = [0, 1, 2, 1]


class Training:
    """One training run of a layer from three numbers to three classes, which begins at zero."""

    def __init__(self, batch_size, lr, epochs):
        self.batch_size, self.lr, self.epochs = batch_size, lr, epochs

    def parts(self):
        """What `fit` is given."""
        net = torch.nn.Linear(3, 3)
        with torch.no_grad():
            net.weight.zero_()
            net.bias.zero_()
        seen, held = (
            TensorDataset(torch.tensor(x, dtype=torch.float32), torch.tensor(y)) for x, y in ((X, Y), (HELD_X, HELD_Y))
        )
        return net, SGD(net.parameters(), self.lr), DataLoader(seen, self.batch_size), DataLoader(held, 3), self.epochs

    def run(self):
        """Weights, biases and history, in float64 with the derivative worked out by hand."""
        x, wanted = np.array(X, dtype=float), np.eye(3)[Y]
        w, b, history = np.zeros((3, 3)), np.zeros(3), []
        for _ in range(self.epochs):
            total = 0.0
            for first in range(0, len(x), self.batch_size):
                part = slice(first, first + self.batch_size)
                p = np.exp(x[part] @ w.T + b)
                p /= p.sum(axis=1, keepdims=True)
                total -= float(np.log((p * wanted[part]).sum(axis=1)).sum())
                off = (p - wanted[part]) / len(p)
                w, b = w - self.lr * off.T @ x[part], b - self.lr * off.sum(axis=0)
            right = (np.array(HELD_X) @ w.T + b).argmax(axis=1) == HELD_Y
            history.append((total / len(x), float(right.mean())))
        return torch.tensor(w, dtype=torch.float32), torch.tensor(b, dtype=torch.float32), history


RUNS = [Training(2, 0.5, 3), Training(5, 1.0, 2)]


@check("fit", points=2)
def test_parameters_by_hand(student):
    """leaves the model with the parameters that its batches lead to"""
    for each in RUNS:
        weight, bias, _ = each.run()
        student.fit(*each.parts()).trained(0, {"weight": weight, "bias": bias}, Tolerance(9, scale=1.0))


@check("fit", points=3)
def test_history_by_hand(student):
    """gives a pair for each epoch: the mean loss of its rows, and the accuracy on the validation set"""
    for each in RUNS:
        student.fit(*each.parts()).returns(each.run()[2], Tolerance(relative=2e-4, scale=1.0), "the history")
