"""Gives rows that have no end, and are lists of a kind of their own."""


class Endless(tuple):
    def __iter__(self):
        while True:
            yield self

    __len__ = lambda self: 2


class Rows(Dataset):
    def __init__(self, inputs, targets):
        pass

    def __len__(self):
        return iter(int, 1)

    def __getitem__(self, index):
        return list(Endless())
