"""Both a sampler and shuffle.

Shows: With shuffle=True, ValueError: sampler option is mutually exclusive with shuffle.
Says: The DataLoader was told to shuffle and given a sampler as well, and it takes only one of the two. Telling it
to shuffle is enough.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, RandomSampler, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    dataset = TensorDataset(inputs, targets)
    return DataLoader(dataset, batch_size=batch_size, shuffle=shuffle, sampler=RandomSampler(dataset))
