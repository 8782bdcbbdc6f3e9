"""A batch of one row, without gradients."""

import torch


def predict(model, region):
    with torch.no_grad():
        batch = torch.tensor([list(region)], dtype=torch.float32)
        predictions = model(batch)
    return predictions[0]
