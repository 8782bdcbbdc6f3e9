""".item(), which takes a single number.

Shows: RuntimeError: a Tensor with 2 elements cannot be converted to Scalar.
Says: .item() takes the number out of a tensor that holds exactly one, and there are two. Return the row of both.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    with torch.no_grad():
        return model(torch.tensor([list(region)], dtype=torch.float32)).item()
