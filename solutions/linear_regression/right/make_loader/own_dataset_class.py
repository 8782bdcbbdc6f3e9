"""A Dataset of one's own."""

from torch.utils.data import DataLoader, Dataset


class Regions(Dataset):
    def __init__(self, inputs, targets):
        self.inputs = inputs
        self.targets = targets

    def __len__(self):
        return len(self.inputs)

    def __getitem__(self, index):
        return self.inputs[index], self.targets[index]


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(Regions(inputs, targets), batch_size=batch_size, shuffle=shuffle)
