"""The answer is still a batch, and keeps its graph.

Shows: Shape (1, 2), and it requires gradients.
Says: Two things are left to do. The answer is still a batch, of shape (1, 2): take its one row out. And it is
attached to its graph: predict without recording gradients.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    return model(torch.tensor([list(region)], dtype=torch.float32))
