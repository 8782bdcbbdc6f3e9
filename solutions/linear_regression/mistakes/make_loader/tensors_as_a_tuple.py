"""TensorDataset((inputs, targets)): a bracket too many.

Shows: AttributeError: 'tuple' object has no attribute 'size'.
Says: The dataset was given one pair, but it takes the two tensors as two arguments. Take the inner brackets away.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(TensorDataset((inputs, targets)), batch_size, shuffle)
