"""The .to and .type methods."""

import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(inputs).to(torch.float32), torch.from_numpy(targets).type(torch.float32)
