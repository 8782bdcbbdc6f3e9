"""The same with unsqueeze."""

import torch


def predict(model, region):
    x = torch.tensor(region).unsqueeze(0)
    with torch.no_grad():
        return model(x).squeeze(0)
