"""A StackDataset, all options in a dict."""

from torch.utils.data import DataLoader, StackDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True, **options):
    options = {"num_workers": 0, **options}
    return DataLoader(StackDataset(inputs, targets), batch_size=batch_size, shuffle=shuffle, **options)
