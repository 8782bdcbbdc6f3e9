"""The images keep their lines and columns.

Shows: Shape (n, height, width), the numbers are right.
Says: The images still have their lines and columns. Put the two dimensions together, so that each image is one row.
Lesson: images-as-rows
"""

import torch


def to_rows(images):
    return torch.from_numpy(images).float() / 16
