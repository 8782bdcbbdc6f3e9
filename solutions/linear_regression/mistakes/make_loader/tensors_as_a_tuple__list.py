"""The same with a list."""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    dataset = TensorDataset([inputs, targets])
    return DataLoader(dataset, batch_size=batch_size, shuffle=shuffle)
