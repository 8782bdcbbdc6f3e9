"""Gives back what its object was to be made from."""


class Rows(Dataset):
    def __new__(cls, inputs, targets):
        return inputs
