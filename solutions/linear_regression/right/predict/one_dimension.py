"""No batch: a layer takes a single row of one dimension as well."""

import torch


@torch.no_grad()
def predict(model, region):
    return model(torch.tensor(region, dtype=torch.float32))
