"""The arrays are put in a list first.

Shows: Shapes (1, n, d) and (1, n, t).
Says: Both tensors have one dimension too many, of size 1, as if each array lay in a list. Convert the array itself.
Lesson: arrays-to-tensors
"""

import numpy as np
import torch


def to_tensors(inputs, targets):
    return torch.tensor(np.array([inputs]), dtype=torch.float32), torch.tensor(np.array([targets]), dtype=torch.float32)
