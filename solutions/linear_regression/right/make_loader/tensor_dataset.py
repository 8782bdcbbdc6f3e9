"""TensorDataset and DataLoader."""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    train_ds = TensorDataset(inputs, targets)
    train_dl = DataLoader(train_ds, batch_size=batch_size, shuffle=shuffle)
    return train_dl
