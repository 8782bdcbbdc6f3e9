"""What the right answers are, worked out another way: in float64 NumPy, without autograd and without a loop of steps.

The mean squared error of a linear model is a quadratic in its parameters, so gradient descent on it is an affine map,
and k epochs are that map's k-th power. A reference that is wrong can't agree with this by accident.

Throughout, `theta` stacks the transposed weights (d, t) and the biases (1, t) to a matrix (d + 1, t), and a column of
ones is appended to the inputs.
"""

import numpy as np
import torch


def with_ones(inputs):
    """Inputs (n, d) with a column of ones: (n, d + 1), float64."""
    inputs = np.asarray(inputs, dtype=np.float64)
    return np.hstack([inputs, np.ones((len(inputs), 1))])


def stack(w, b):
    """Weights (t, d) and biases (t,) as theta (d + 1, t)."""
    return np.vstack([np.asarray(w, dtype=np.float64).T, np.asarray(b, dtype=np.float64)])


def unstack(theta):
    """Theta as weights (t, d) and biases (t,)."""
    return theta[:-1].T, theta[-1]


def loss(theta, inputs, targets):
    """The mean squared error, over every element."""
    return float(np.mean((with_ones(inputs) @ theta - np.asarray(targets, dtype=np.float64)) ** 2))


def least_squares(inputs, targets):
    """The theta with the smallest mean squared error."""
    return np.linalg.lstsq(with_ones(inputs), np.asarray(targets, dtype=np.float64), rcond=None)[0]


def descend(theta, inputs, targets, lr, epochs):
    """Theta after full-batch gradient descent: a contraction towards the least squares solution.

    theta_k = theta* + (I - lr H)^k (theta_0 - theta*), with the Hessian H = 2 AᵀA / (n t).
    """
    a, t = with_ones(inputs), np.asarray(targets).shape[1]
    best = least_squares(inputs, targets)
    values, vectors = np.linalg.eigh(2 * a.T @ a / (len(a) * t))
    shrink = (1 - lr * values) ** epochs
    return best + vectors @ (shrink[:, None] * (vectors.T @ (theta - best)))


def descend_in_batches(theta, inputs, targets, lr, epochs, batch_size):
    """Theta after gradient descent on the batches in their given order: each batch is one affine map of theta."""
    a, y = with_ones(inputs), np.asarray(targets, dtype=np.float64)
    size, t = a.shape[1], y.shape[1]
    once, shift = np.eye(size), np.zeros((size, t))
    for start in range(0, len(a), batch_size):
        rows, wanted = a[start : start + batch_size], y[start : start + batch_size]
        step = 2 * lr / (len(rows) * t)
        map_here = np.eye(size) - step * rows.T @ rows
        once, shift = map_here @ once, map_here @ shift + step * rows.T @ wanted
    for _ in range(epochs):
        theta = once @ theta + shift
    return theta


def last_losses(theta, inputs, targets, lr, epochs, batch_size):
    """Theta after gradient descent on the batches in their given order, step by step, and the loss of each epoch's last
    batch, before its step."""
    a, y = with_ones(inputs), np.asarray(targets, dtype=np.float64)
    batches = [(a[at : at + batch_size], y[at : at + batch_size]) for at in range(0, len(a), batch_size)]
    losses = []
    for _ in range(epochs):
        for rows, wanted in batches:
            off = rows @ theta - wanted
            theta = theta - 2 * lr / off.size * rows.T @ off
        losses.append(float(np.mean(off**2)))
    return theta, losses


def settled(draw):
    """Inputs (4, 1), targets (4, 1), w and b on which, at the learning rate `SETTLED_LR`, the loss is small and hardly
    changes from the first epoch on, in itself and as a part of itself, while w and b have a long way to go: who stops
    there stops too early, and each of some hundred epochs shows.

    Rows with the same inputs have targets far apart, on both sides of what can be predicted of them.
    """
    size = 1e-4
    inputs = draw.tensor(2, 1, low=0.5, high=1.5) * torch.tensor([[1.0], [-1.0]])
    w, b = (draw.tensor(*shape, low=4e-4, high=8e-4) * size for shape in ((1, 1), (1,)))
    between = -(inputs * w + b)
    return inputs.repeat(2, 1), torch.cat([between + size, between - size]), w, b


SETTLED_LR = 0.005
