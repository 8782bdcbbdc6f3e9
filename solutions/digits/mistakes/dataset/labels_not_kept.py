"""self is forgotten.

Shows: AttributeError: 'Digits' object has no attribute 'labels'.
Says: The labels were put into a name that ends with __init__. What the other methods need must be an attribute of
self.
Lesson: a-dataset
"""

import torch
from torch.utils.data import Dataset


class Digits(Dataset):
    def __init__(self, images, labels):
        self.rows = torch.from_numpy(images).float().flatten(start_dim=1) / 16
        labels = torch.from_numpy(labels).long()

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.rows[index], self.labels[index]
