"""A NumPy array.

Shows: Right numbers in a NumPy array.
Says: The numbers are right, but they came in a NumPy array. The exercise asks for a tensor: leave the conversion out.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    with torch.no_grad():
        return model(torch.tensor([list(region)], dtype=torch.float32))[0].numpy()
