"""A slip of copy and paste: TensorDataset(inputs, inputs).

Shows: The targets of each batch are its inputs.
Says: The batches hold the inputs twice, and the targets not at all. Check which name stands where.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    train_ds = TensorDataset(inputs, inputs)
    return DataLoader(train_ds, batch_size, shuffle)
