"""The answer is rounded.

Shows: Whole numbers.
Says: The prediction was rounded to whole numbers. Rounding is for display; return the prediction as it is.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    with torch.no_grad():
        return model(torch.tensor([list(region)], dtype=torch.float32))[0].round()
