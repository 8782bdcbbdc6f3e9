"""The parameters have other names, and the notebook's are used.

Shows: NameError for `inputs`, or the same five rows whatever it is given.
Says: The function doesn't use the arrays it was given, but variables from outside. Use the names in its parameter list.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors(x, y):
    return torch.from_numpy(inputs).float(), torch.from_numpy(targets).float()
