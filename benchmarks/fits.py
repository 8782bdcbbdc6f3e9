"""The yardstick: three trainings as the lesson's last exercise does them, in plain torch."""

from __future__ import annotations

import time

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

FITS = 3
EPOCHS = 100
ROWS, BATCH = 15, 5


def three_fits() -> float:
    """Seconds for three trainings of 100 epochs with three batches each."""
    inputs, targets = torch.rand(ROWS, 3) * 100, torch.rand(ROWS, 2) * 100
    started = time.perf_counter()
    for _ in range(FITS):
        _fit(inputs, targets)
    return time.perf_counter() - started


def _fit(inputs: torch.Tensor, targets: torch.Tensor) -> None:
    model = nn.Linear(3, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-5)
    loader = DataLoader(TensorDataset(inputs, targets), BATCH, shuffle=True)
    for _ in range(EPOCHS):
        for x, y in loader:
            torch.autograd.backward(F.mse_loss(model(x), y))
            optimizer.step()
            optimizer.zero_grad()
