"""A function without parameters, for the notebook's arrays.

Shows: TypeError: to_tensors() takes 0 positional arguments but 2 were given.
Says: The function has no parameters, so it can't be given any arrays. Keep the parameters of the exercise: inputs,
targets.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors():
    return torch.from_numpy(inputs).float(), torch.from_numpy(targets).float()
