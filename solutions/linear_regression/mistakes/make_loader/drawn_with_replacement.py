"""Rows are drawn with replacement.

Shows: With shuffle=True some rows come twice, others not at all.
Says: Some rows came twice in an epoch, others not at all: they were drawn with replacement. In an epoch each row
comes once.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, RandomSampler, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    dataset = TensorDataset(inputs, targets)
    sampler = RandomSampler(dataset, replacement=True) if shuffle else None
    return DataLoader(dataset, batch_size=batch_size, sampler=sampler)
