"""By way of a NumPy array."""

import numpy as np
import torch


def predict(model, region):
    with torch.no_grad():
        return model(torch.from_numpy(np.array([region], dtype=float)))[0]
