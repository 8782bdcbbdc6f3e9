"""The answer passes through float16.

Shows: Right to three digits.
Says: The prediction is right to three or four digits only: on the way, the numbers were float16. Leave them
float32.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    with torch.no_grad():
        return model(torch.tensor([list(region)], dtype=torch.float32))[0].half().float()
