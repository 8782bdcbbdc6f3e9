"""Linear regression with PyTorch's own parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader, Dataset


class YieldDataset(Dataset):
    """Regions with their yields."""

    def __init__(self, inputs: Tensor, targets: Tensor) -> None:
        self.inputs = inputs
        self.targets = targets

    def __len__(self) -> int:
        return len(self.inputs)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return self.inputs[index], self.targets[index]


def make_loader(inputs: Tensor, targets: Tensor, batch_size: int = 5, shuffle: bool = True) -> DataLoader:
    """A loader of batches."""
    return DataLoader(YieldDataset(inputs, targets), batch_size=batch_size, shuffle=shuffle)


def fit(num_epochs: int, model: nn.Module, loss_fn: Callable, opt: Optimizer, train_dl: DataLoader) -> None:
    """Train the model, and report every tenth epoch."""
    model.train()
    for epoch in range(1, num_epochs + 1):
        for inputs, targets in train_dl:
            loss = loss_fn(model(inputs), targets)
            model.zero_grad()
            loss.backward()
            opt.step()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")


def predict(model: nn.Module, region: Sequence[float]) -> Tensor:
    """The two yields of one region."""
    with torch.inference_mode():
        return model(torch.tensor([[float(number) for number in region]])).squeeze(0)
