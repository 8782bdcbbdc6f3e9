"""The batches hold float64 numbers."""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(TensorDataset(inputs.double(), targets.double()), batch_size=batch_size, shuffle=shuffle)
