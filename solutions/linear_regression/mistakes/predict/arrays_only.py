"""torch.from_numpy, which takes arrays only.

Shows: TypeError: expected np.ndarray (got tuple); right for arrays.
Says: This works for arrays only, and the region may be a list or a tuple as well. torch.tensor takes all three.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    with torch.no_grad():
        return model(torch.from_numpy(region).float().reshape(1, 3))[0]
