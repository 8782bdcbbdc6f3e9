"""squeeze(1), where there is nothing to squeeze."""

import torch


def predict(model, region):
    with torch.no_grad():
        prediction = model(torch.tensor([list(region)], dtype=torch.float32))
    return prediction.squeeze(1)
