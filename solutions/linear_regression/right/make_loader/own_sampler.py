"""A class that draws a new order whenever it is asked for one."""

import random

from torch.utils.data import DataLoader, TensorDataset


class Order:
    def __init__(self, size, shuffle):
        self.size, self.shuffle = size, shuffle

    def __len__(self):
        return self.size

    def __iter__(self):
        indexes = list(range(self.size))
        if self.shuffle:
            random.shuffle(indexes)
        return iter(indexes)


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(TensorDataset(inputs, targets), batch_size, sampler=Order(len(inputs), shuffle))
