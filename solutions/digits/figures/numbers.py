"""The runs that the figures show, in float64 and with the oracle's arithmetic: another processor draws the same."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch.utils.data import DataLoader

from solutions.digits import oracle
from solutions.digits.with_torch import SoftmaxRegression

Floats = np.ndarray[Any, np.dtype[np.float64]]
_FILE = Path(__file__).resolve().parents[3] / "exercises" / "digits" / "digits.npz"


class Part(NamedTuple):
    """Images of 8 x 8, as rows from 0 to 1, and their labels."""

    images: Any
    x: Floats
    y: Any


class Run(NamedTuple):
    """A training: the weights and biases at the end, and for each epoch the mean loss and both accuracies."""

    w: Floats
    b: Floats
    losses: list[float]
    seen: list[float]
    held_out: list[float]


@cache
def part(start: int, end: int) -> Part:
    """Images from one place to another in the lesson's order."""
    with np.load(_FILE) as data:
        images, labels = data["images"], data["labels"]
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(1)).numpy()[start:end]
    return Part(images[order], images[order].reshape(len(order), -1) / 16.0, labels[order].astype(np.int64))


def validation() -> Part:
    """The lesson's validation set."""
    return part(1200, 1500)


@cache
def from_scratch() -> Floats:
    """The weights after the lesson's 200 steps on all training images at once."""
    data = part(0, 1200)
    w, _, _ = oracle.descend(np.zeros((10, 64)), np.zeros(10), data.x, data.y, 1.0, 200)
    return w


@cache
def trained(images: int, epochs: int) -> Run:
    """The lesson's training with the first images of the training set, in shuffled batches of 32."""
    data = part(0, images)
    w, b = np.zeros((10, 64)), np.zeros(10)
    run = Run(w, b, [], [], [])
    for order in _orders(images, epochs):
        w, b, losses = oracle.descend(w, b, data.x[order], data.y[order], 0.5, 1, 32)
        run.losses.append(losses[0])
        run.seen.append(_accuracy(w, b, data))
        run.held_out.append(_accuracy(w, b, validation()))
    return run._replace(w=w, b=b)


def _orders(images: int, epochs: int) -> Iterator[Any]:
    """In which order the lesson's loader gives the images, epoch by epoch: the random numbers are drawn as there."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        SoftmaxRegression(64, 10)
        loader, validation_loader = DataLoader(range(images), shuffle=True), DataLoader(range(1))
        orders = []
        for _ in range(epochs):
            orders.append(np.array([int(number) for number in loader]))
            list(validation_loader)
    yield from orders


def _accuracy(w: Floats, b: Floats, data: Part) -> float:
    return float(((data.x @ w.T + b).argmax(axis=1) == data.y).mean())
