"""One number of two.

Shows: A tensor without dimensions, the first of the two numbers.
Says: Only the first number came back, the apples. The exercise asks for two: return the whole row.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    with torch.no_grad():
        return model(torch.tensor([list(region)], dtype=torch.float32))[0, 0]
