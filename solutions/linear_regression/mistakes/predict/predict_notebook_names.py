"""The notebook's model in place of the argument.

Shows: NameError for `net`.
Says: The function uses a variable from outside instead of one of its parameters. Everything it needs is in its
parameter list: a model and a region.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    with torch.no_grad():
        return net(torch.tensor([list(region)], dtype=torch.float32))[0]
