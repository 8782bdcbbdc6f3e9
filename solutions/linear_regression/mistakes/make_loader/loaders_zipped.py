"""A loader for the inputs and one for the targets, zipped.

Shows: A zip, which is used up after one pass; with shuffle, each in an order of its own.
Says: Two loaders came back in a zip: it is used up after one epoch, and each of the two draws an order of its own, so that
rows lose their targets. Return one DataLoader, of a dataset that pairs inputs and targets.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return zip(DataLoader(inputs, batch_size, shuffle), DataLoader(targets, batch_size, shuffle))
