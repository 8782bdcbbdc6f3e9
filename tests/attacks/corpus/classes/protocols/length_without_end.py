"""Counts its rows for ever."""


class Rows(Dataset):
    def __init__(self, inputs, targets):
        pass

    def __len__(self):
        number = 0
        while True:
            number += 1

    __getitem__ = lambda self, index: self.__len__()
