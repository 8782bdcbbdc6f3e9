"""The index is not used.

Shows: All rows in every item.
Says: Every item holds all rows: the index isn't used. Return the one row at the index, and the one label.
Lesson: a-dataset
"""

import torch
from torch.utils.data import Dataset


class Digits(Dataset):
    def __init__(self, images, labels):
        self.rows = torch.from_numpy(images).float().flatten(start_dim=1) / 16
        self.labels = torch.from_numpy(labels).long()

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.rows, self.labels
