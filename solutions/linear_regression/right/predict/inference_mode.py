"""inference_mode and eval."""

import torch


def predict(model, region):
    model.eval()
    with torch.inference_mode():
        prediction = model(torch.tensor(region).float().reshape(1, -1))
    return prediction.reshape(-1)
