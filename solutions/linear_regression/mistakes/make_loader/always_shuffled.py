"""shuffle is ignored, and the rows are always shuffled."""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(TensorDataset(inputs, targets), batch_size, shuffle=True)
