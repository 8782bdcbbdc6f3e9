"""The region in a list."""

import torch


def predict(model, region):
    with torch.no_grad():
        return model([region])[0]
