"""The shape in place of a number.

Shows: TypeError, the shape is no integer.
Says: __len__ gave a shape. It must give one whole number, how many images there are.
Lesson: a-dataset
"""

import torch
from torch.utils.data import Dataset


class Digits(Dataset):
    def __init__(self, images, labels):
        self.rows = torch.from_numpy(images).float().flatten(start_dim=1) / 16
        self.labels = torch.from_numpy(labels).long()

    def __len__(self):
        return self.rows.shape

    def __getitem__(self, index):
        return self.rows[index], self.labels[index]
