"""Columns behind one another.

Shows: The numbers are right, and stand at other places.
Says: The rows hold the columns of the images one behind the other, since lines and columns were exchanged. Flatten
the images as they are.
Lesson: images-as-rows
"""

import torch


def to_rows(images):
    return torch.from_numpy(images).float().transpose(1, 2).flatten(start_dim=1) / 16
