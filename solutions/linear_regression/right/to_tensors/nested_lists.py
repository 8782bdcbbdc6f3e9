"""By way of Python lists."""

import torch


def to_tensors(inputs, targets):
    def from_rows(rows):
        return torch.tensor([[float(number) for number in row] for row in rows])

    return from_rows(inputs), from_rows(targets)
