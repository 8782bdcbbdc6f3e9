"""The dataset is a range; rows are looked up while collating."""

import torch
from torch.utils.data import DataLoader


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    def collate(indexes):
        rows = torch.tensor(indexes, device=inputs.device)
        return [inputs[rows], targets[rows]]

    return DataLoader(range(len(inputs)), batch_size=batch_size, shuffle=shuffle, collate_fn=collate)
