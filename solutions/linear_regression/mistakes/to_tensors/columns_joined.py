"""One tensor with all the columns.

Shows: A tensor of shape (n, d + t) in place of a pair.
Says: Inputs and targets came in one tensor. The model may see the inputs only, so return two tensors.
Lesson: arrays-to-tensors
"""

import numpy as np
import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(np.hstack([inputs, targets])).float()
