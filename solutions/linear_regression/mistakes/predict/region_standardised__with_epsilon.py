"""With a small number against division by zero."""

import torch


def predict(model, region):
    x = torch.tensor([list(region)], dtype=torch.float32)
    with torch.no_grad():
        return model((x - x.mean()) / (x.std() + 1e-8))[0]
