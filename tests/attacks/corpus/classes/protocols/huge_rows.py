"""Gives rows that are too large."""


class Rows(Dataset):
    def __init__(self, inputs, targets):
        pass

    def __len__(self):
        return 4

    def __getitem__(self, index):
        return ["x" * 90_000] * 20_000, torch.zeros(1).expand(10**6, 10**6)
