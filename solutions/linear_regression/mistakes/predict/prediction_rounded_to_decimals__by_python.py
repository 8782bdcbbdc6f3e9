"""Each number is rounded by Python, and a tensor is made of them."""

import torch


def predict(model, region):
    with torch.no_grad():
        found = model(torch.tensor([list(region)], dtype=torch.float32))[0]
    return torch.tensor([round(each, 2) for each in found.tolist()])
