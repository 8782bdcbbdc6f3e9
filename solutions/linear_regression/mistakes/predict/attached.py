"""The answer drags its graph along."""

import torch


def predict(model, region):
    return model(torch.tensor([list(region)], dtype=torch.float32))[0]
