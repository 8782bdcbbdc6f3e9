"""The answer is rounded to two decimals.

Shows: Numbers with two decimals.
Says: The prediction was rounded to a few decimals. Rounding is for display; return the prediction as it is.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    with torch.no_grad():
        found = model(torch.tensor([list(region)], dtype=torch.float32))[0]
    return torch.round(found, decimals=2)
