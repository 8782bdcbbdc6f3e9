"""The lesson's region, whatever it was given.

Shows: The same prediction for every region of one model.
Says: The prediction is always that for (75, 63, 44): these numbers are written in the function. Use the region that
it is given.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    region = torch.tensor([[75.0, 63.0, 44.0]])
    with torch.no_grad():
        return model(region)[0]
