"""Batches of indexes, each fetched at once: the loader itself has no batch size."""

from torch.utils.data import BatchSampler, DataLoader, RandomSampler, SequentialSampler, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    dataset = TensorDataset(inputs, targets)
    order = RandomSampler(dataset) if shuffle else SequentialSampler(dataset)
    batches = BatchSampler(order, batch_size, drop_last=False)
    return DataLoader(dataset, sampler=batches, batch_size=None)
