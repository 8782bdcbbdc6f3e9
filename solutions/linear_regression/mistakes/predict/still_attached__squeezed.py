"""The same with unsqueeze and squeeze."""

import torch


def predict(model, region):
    x = torch.tensor(region, dtype=torch.float32).unsqueeze(0)
    return model(x).squeeze(0)
