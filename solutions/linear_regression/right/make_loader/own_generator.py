"""Reproducible: a seeded generator, which still gives a new order each epoch."""

import torch
from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True, seed=42):
    generator = torch.Generator().manual_seed(seed)
    dataset = TensorDataset(inputs, targets)
    return DataLoader(dataset, batch_size=batch_size, shuffle=shuffle, generator=generator, drop_last=False)
