""".data, and a small helper."""

import torch


def as_batch(region):
    return torch.Tensor(list(region))[None]


def predict(model, region):
    return model(as_batch(region)).data[0]
