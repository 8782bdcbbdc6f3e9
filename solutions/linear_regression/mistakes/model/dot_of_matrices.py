"""torch.dot, which is for vectors.

Shows: RuntimeError: 1D tensors expected, but got 2D and 2D tensors.
Says: torch.dot multiplies two vectors and takes nothing else. For tables of numbers there are products of matrices.
Lesson: the-model
"""

import torch


def model(x, w, b):
    return torch.dot(x, w.t()) + b
