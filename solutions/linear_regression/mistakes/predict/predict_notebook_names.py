"""The notebook's model in place of the argument.

Shows: NameError for `net`.
Says: The function uses something from outside of it in place of what it is given. All that it needs stands in its
first line: a model and a region.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    with torch.no_grad():
        return net(torch.tensor([list(region)], dtype=torch.float32))[0]
