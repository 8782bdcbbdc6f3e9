"""Loops when it is asked for an attribute that it hasn't."""


class Rows(Dataset):
    def __init__(self, inputs, targets):
        pass

    def __getattr__(self, name):
        while True:
            pass

    __len__ = property(lambda self: self.another)
