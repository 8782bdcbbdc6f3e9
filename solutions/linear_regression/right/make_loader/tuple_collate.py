"""A collate function that makes tuples."""

import torch
from torch.utils.data import DataLoader, TensorDataset


def collate(pairs):
    inputs, targets = zip(*pairs)
    return torch.stack(inputs), torch.stack(targets)


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(TensorDataset(inputs, targets), batch_size=batch_size, shuffle=shuffle, collate_fn=collate)
