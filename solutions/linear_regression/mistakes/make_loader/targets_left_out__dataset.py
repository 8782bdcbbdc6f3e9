"""A dataset of the inputs only: each batch is a list of one tensor."""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(TensorDataset(inputs), batch_size=batch_size, shuffle=shuffle)
