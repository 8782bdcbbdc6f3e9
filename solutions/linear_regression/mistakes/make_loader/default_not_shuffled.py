"""shuffle=False by default.

Shows: The given order when nothing is said of shuffle.
Says: When nothing is said of shuffle, the rows should be shuffled. Keep the defaults of the exercise.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=False):
    return DataLoader(TensorDataset(inputs, targets), batch_size=batch_size, shuffle=shuffle)
