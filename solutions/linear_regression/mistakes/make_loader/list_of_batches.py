"""A list of batches: no DataLoader, and the same order each epoch."""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return list(DataLoader(TensorDataset(inputs, targets), batch_size=batch_size, shuffle=shuffle))
