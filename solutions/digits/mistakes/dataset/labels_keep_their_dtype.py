"""Labels as they come.

Shows: The label has the array's dtype; right for int64.
Says: The label has kept the array's dtype, such as uint8. F.cross_entropy needs int64, which .long() makes.
Lesson: a-dataset
"""

import torch
from torch.utils.data import Dataset


class Digits(Dataset):
    def __init__(self, images, labels):
        self.rows = torch.from_numpy(images).float().flatten(start_dim=1) / 16
        self.labels = torch.from_numpy(labels)

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.rows[index], self.labels[index]
