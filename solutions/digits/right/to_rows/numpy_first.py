"""NumPy does the work."""

import numpy as np
import torch


def to_rows(images):
    rows = images.reshape(images.shape[0], -1).astype(np.float32) / np.float32(16)
    return torch.from_numpy(rows)
