"""Three rows of one number.

Shows: RuntimeError: mat1 and mat2 shapes cannot be multiplied (3x1 and 3x2).
Says: The region was laid out as a column: three rows of one number each. For the model it is one row of three
numbers, shape (1, 3).
Lesson: a-new-region
"""

import torch


def predict(model, region):
    x = torch.tensor(region, dtype=torch.float32).reshape(3, 1)
    with torch.no_grad():
        return model(x)[0]
