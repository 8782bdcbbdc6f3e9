"""The layer's forward, and indexing with None."""

import torch


def predict(model, region):
    features = torch.as_tensor(list(region), dtype=torch.float32)
    with torch.no_grad():
        predictions = model.forward(features[None])
    (prediction,) = predictions
    return prediction
