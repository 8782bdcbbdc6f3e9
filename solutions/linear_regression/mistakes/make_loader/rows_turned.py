"""In each epoch the rows begin one further on.

Shows: Each pass has a new order, which is the given one, turned.
Says: The order is new in each epoch, but it isn't drawn: the rows only move on together, and keep their neighbours.
Let the DataLoader shuffle.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, TensorDataset


class Turned:
    def __init__(self, size):
        self.size, self.first = size, 0

    def __len__(self):
        return self.size

    def __iter__(self):
        self.first += 1
        return iter([(self.first + at) % self.size for at in range(self.size)])


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    order = Turned(len(inputs)) if shuffle else None
    return DataLoader(TensorDataset(inputs, targets), batch_size=batch_size, sampler=order)
