"""Labels of float32.

Shows: The label is float32; its value is right.
Says: The label is a float. F.cross_entropy needs whole numbers, int64, which .long() makes.
Lesson: a-dataset
"""

import torch
from torch.utils.data import Dataset


class Digits(Dataset):
    def __init__(self, images, labels):
        self.rows = torch.from_numpy(images).float().flatten(start_dim=1) / 16
        self.labels = torch.from_numpy(labels).float()

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.rows[index], self.labels[index]
