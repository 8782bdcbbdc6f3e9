"""Both are returned.

Shows: A pair of a dataset and a loader.
Says: Two things came back, the dataset and the loader. Return the loader only: it holds the dataset already.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    train_ds = TensorDataset(inputs, targets)
    train_dl = DataLoader(train_ds, batch_size, shuffle)
    return train_ds, train_dl
