"""shuffle=True is written in place of the argument.

Shows: With shuffle=False the rows still come in a drawn order.
Says: The rows are shuffled even when shuffle is False. The shuffle that your function was given decides.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(TensorDataset(inputs, targets), batch_size, shuffle=True)
