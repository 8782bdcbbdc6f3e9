"""A row of zeros, filled number by number."""

import torch


def predict(model, region):
    batch = torch.zeros(1, len(region))
    for i in range(len(region)):
        batch[0, i] = float(region[i])
    with torch.no_grad():
        return model(batch).reshape(2)
