"""Divided before the dtype is float32.

Shows: float64, the values are right, where the array holds float64; right for others.
Says: The rows have the dtype that the array had, or came from it: here float64. The exercise asks for float32, which
.float() makes.
Lesson: images-as-rows
"""

import torch


def to_rows(images):
    return torch.from_numpy(images / 16.0).flatten(start_dim=1)
