"""return in a loop over the batches."""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    loader = DataLoader(TensorDataset(inputs, targets), batch_size=batch_size, shuffle=shuffle)
    for xb, yb in loader:
        return xb, yb
