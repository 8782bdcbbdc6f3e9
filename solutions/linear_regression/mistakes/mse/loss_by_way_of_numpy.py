"""NumPy's mean.

Shows: A NumPy number; RuntimeError for tensors that require gradients.
Says: NumPy knows nothing of gradients, and a tensor that requires them refuses to become an array. PyTorch can do
all of this with tensors: use its functions.
Lesson: gradients
"""

import numpy as np


def mse(t1, t2):
    return np.mean((t1.numpy() - t2.numpy()) ** 2)
