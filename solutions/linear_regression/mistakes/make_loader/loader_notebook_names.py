"""The notebook's dataset is used.

Shows: NameError for `train_ds`, or the same rows whatever it is given.
Says: The function uses a dataset from outside of it, and not the tensors that it is given. Make the dataset within
the function, from its arguments.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(train_ds, batch_size, shuffle)
