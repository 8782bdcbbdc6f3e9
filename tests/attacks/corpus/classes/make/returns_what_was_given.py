"""Gives back what its object was to be made from.

earns = {rows = 1}
"""


class Rows(Dataset):
    def __new__(cls, inputs, targets):
        return inputs
