"""Another default for batch_size.

Shows: Other batches than of five rows when nothing is said of batch_size.
Says: When nothing is said of batch_size, the batches should hold five rows. Keep the defaults of the exercise.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=4, shuffle=True):
    return DataLoader(TensorDataset(inputs, targets), batch_size=batch_size, shuffle=shuffle)
