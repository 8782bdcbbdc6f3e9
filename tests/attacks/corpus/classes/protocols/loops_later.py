"""Loops when its object is forgotten, after the answer."""


class Rows(Dataset):
    def __init__(self, inputs, targets):
        pass

    def __len__(self):
        return 4

    def __del__(self):
        while True:
            pass
