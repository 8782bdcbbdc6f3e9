"""The region becomes float64.

Shows: RuntimeError: mat1 and mat2 must have the same dtype, but got Double and Float.
Says: The region is a float64 tensor, and the model's weights are float32: the two don't fit. Make the region float32.
Lesson: arrays-to-tensors
"""

import torch


def predict(model, region):
    x = torch.tensor([list(region)], dtype=torch.float64)
    with torch.no_grad():
        return model(x)[0]
