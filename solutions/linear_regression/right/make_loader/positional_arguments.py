"""By position, through the package's full name."""

import torch


def make_loader(x, y, bs=5, mix=True):
    return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), bs, mix)
