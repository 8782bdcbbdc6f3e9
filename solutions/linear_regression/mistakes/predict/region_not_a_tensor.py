"""The model is given the region as it is.

Shows: TypeError: linear(): argument 'input' (position 1) must be Tensor, not tuple.
Says: The model takes tensors, and was given the list, tuple or array itself. Make a float32 tensor of the region
first.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    with torch.no_grad():
        return model(region)
