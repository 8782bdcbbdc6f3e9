"""The parameters have other names, and the notebook's are used.

Shows: NameError for `inputs`, or the same five rows whatever it is given.
Says: The function doesn't look at the arrays it was given: it uses names from outside of it. Use the names that
stand in its first line.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors(x, y):
    return torch.from_numpy(inputs).float(), torch.from_numpy(targets).float()
