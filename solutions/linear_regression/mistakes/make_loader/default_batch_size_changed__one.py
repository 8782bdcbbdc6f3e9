"""One row by default, as PyTorch has it."""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=1, shuffle=True):
    return DataLoader(TensorDataset(inputs, targets), batch_size=batch_size, shuffle=shuffle)
