"""The answer keeps its graph.

Shows: Right numbers that require gradients.
Says: The numbers are right, but they are still attached to the graph that led to them, and keep it in memory.
Predict without recording gradients.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    return model(torch.tensor([list(region)], dtype=torch.float32))[0]
