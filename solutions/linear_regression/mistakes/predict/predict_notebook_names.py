"""The notebook's model in place of the argument.

Shows: NameError for `net`.
Says: The function asks a model from outside of it, and not the one that it is given. Use the names that stand in
its first line.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    with torch.no_grad():
        return net(torch.tensor([list(region)], dtype=torch.float32))[0]
