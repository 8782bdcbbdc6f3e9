"""The loader is made and not returned.

Shows: None.
Says: Nothing came back. What a function makes is gone when it ends, unless it is returned: return the loader.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    train_ds = TensorDataset(inputs, targets)
    train_dl = DataLoader(train_ds, batch_size, shuffle)
