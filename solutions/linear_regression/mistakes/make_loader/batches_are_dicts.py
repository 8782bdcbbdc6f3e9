"""Each batch is a dict."""

from torch.utils.data import DataLoader


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    rows = [{"inputs": x, "targets": y} for x, y in zip(inputs, targets)]
    return DataLoader(rows, batch_size=batch_size, shuffle=shuffle)
