"""A slip of copy and paste on the way."""

import torch


def to_tensors(inputs, targets):
    inputs = torch.from_numpy(inputs).float()
    targets = inputs.float()
    return inputs, targets
