"""as_tensor with a dtype, under other parameter names."""

import torch


def to_tensors(x_train, y_train):
    x = torch.as_tensor(x_train, dtype=torch.float)
    y = torch.as_tensor(y_train, dtype=torch.float)
    return x, y
