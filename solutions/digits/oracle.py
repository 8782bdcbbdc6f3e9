"""What the right answers are, worked out another way: in float64 NumPy, with the derivative of the loss by hand.

A reference that is wrong can't agree with this by accident: it has no softmax in common with it, no autograd, and no
optimizer.
"""

import numpy as np
import torch

SETTLED_LR, RISING_LR = 0.1, 5.0


def probabilities(s):
    """The softmax of each row of scores, in float64."""
    s = np.asarray(s, dtype=np.float64)
    powers = np.exp(s - s.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def loss_of(s, y):
    """The cross-entropy: each row's highest score is taken out, the rest is near enough to be written as it is."""
    s = np.asarray(s, dtype=np.float64)
    away = s - s[np.arange(len(y)), np.asarray(y)][:, None]
    top = away.max(axis=1)
    return float((top + np.log(np.exp(away - top[:, None]).sum(axis=1))).mean())


def descend(w, b, x, y, lr, epochs, size=None):
    """Weights and biases after gradient descent in batches of `size` rows in their order (all rows where it is None),
    and for each epoch the mean over its rows of the losses, each before its batch's step. In float64."""
    w, b, x = (np.asarray(each, dtype=np.float64) for each in (w, b, x))
    y = np.asarray(y)
    size = size or len(y)
    history = []
    for _ in range(epochs):
        total = 0.0
        for at in range(0, len(y), size):
            rows, labels = x[at : at + size], y[at : at + size]
            s = rows @ w.T + b
            total += loss_of(s, labels) * len(labels)
            off = probabilities(s)
            off[np.arange(len(labels)), labels] -= 1
            w, b = w - lr * off.T @ rows / len(labels), b - lr * off.mean(axis=0)
        history.append(total / len(y))
    return w, b, history


def tensors(*arrays):
    """These arrays as float32 tensors."""
    return tuple(torch.tensor(each, dtype=torch.float32) for each in arrays)


def labels(draw, n, k):
    """Drawn labels of n rows from k classes."""
    return torch.tensor([draw.integer(0, k - 1) for _ in range(n)])


def apart(draw, n, k):
    """Scores of n rows for k classes of which no two in a row are near each other, from about -k to k."""
    rows = []
    for _ in range(n):
        left = list(range(k))
        rows.append([left.pop(draw.integer(0, len(left) - 1)) for _ in range(k)])
    return torch.tensor(rows, dtype=torch.float32) * 1.3 - 0.6 * k + draw.tensor(n, k, low=-0.3, high=0.3)


def settled(draw):
    """Rows, labels, w and b on which the loss is settled from the start, near the logarithm of 2, while w and b have a
    long way to go: who stops there stops too early. Rows that are alike have both labels."""
    x = draw.tensor(2, 1, low=0.8, high=1.6) * torch.tensor([[1.0], [-1.0]])
    w, b = draw.tensor(2, 1, low=0.01, high=0.02), draw.tensor(2, low=0.01, high=0.02)
    sign = torch.tensor([1.0, -1.0])
    return x.repeat(2, 1), torch.tensor([0, 0, 1, 1]), w * sign[:, None], b * sign


def rising(draw):
    """Rows, labels, w and b from which the loss rises in each of some twelve epochs at the learning rate `RISING_LR`:
    each takes the scores to -1.5 of what they were."""
    x, y, w, b = settled(draw)
    return x.sign(), y, w, b
