"""A list of pairs."""

import torch
from torch.utils.data import Dataset


class Digits(Dataset):
    def __init__(self, images, labels):
        self.pairs = [
            (torch.as_tensor(image.ravel() / 16).to(torch.float32), torch.as_tensor(label).to(torch.int64))
            for image, label in zip(images, labels)
        ]

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, index):
        return self.pairs[index]
