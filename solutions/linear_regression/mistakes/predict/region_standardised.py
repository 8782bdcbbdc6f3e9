"""The region is shifted and scaled by its own numbers.

Shows: The prediction for numbers around zero.
Says: The region was shifted and scaled before the model saw it. The model has learned from rows as they are, so
give it the region as it is.
Lesson: standardised-inputs
"""

import torch


def predict(model, region):
    x = torch.tensor([list(region)], dtype=torch.float32)
    with torch.no_grad():
        return model((x - x.mean()) / x.std())[0]
