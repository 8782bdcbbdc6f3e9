"""A list of two floats.

Shows: Right numbers in a list.
Says: The numbers are right, but they came in a list or tuple. The exercise asks for a tensor: leave the conversion out.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    with torch.no_grad():
        return model(torch.tensor([list(region)], dtype=torch.float32))[0].tolist()
