"""einsum over one long axis."""

import torch


def mse(t1, t2):
    d = torch.flatten(t1 - t2)
    return torch.einsum("i,i->", d, d) / len(d)
