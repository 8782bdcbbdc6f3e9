"""The region's fractions are cut off."""

import torch


def predict(model, region):
    with torch.no_grad():
        return model(torch.tensor([[int(number) for number in region]]).float())[0]
