"""Rows are drawn with replacement: some come twice, others not at all."""

from torch.utils.data import DataLoader, RandomSampler, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    dataset = TensorDataset(inputs, targets)
    sampler = RandomSampler(dataset, replacement=True) if shuffle else None
    return DataLoader(dataset, batch_size=batch_size, sampler=sampler)
