"""The region becomes whole numbers.

Shows: Right for whole numbers; fractions are cut off.
Says: The region's fractions were cut off on the way: its numbers became whole ones. Make the tensor float32 from
the start.
Lesson: arrays-to-tensors
"""

import torch


def predict(model, region):
    with torch.no_grad():
        return model(torch.tensor([[int(number) for number in region]]).float())[0]
