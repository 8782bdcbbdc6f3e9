"""diff @ diff in place of diff * diff.

Shows: RuntimeError: mat1 and mat2 shapes cannot be multiplied; for square tables a wrong number.
Says: The two factors were multiplied as matrices, as `@` does it. To square each element by itself, `*` or a power of
two is needed.
Lesson: the-loss
"""

import torch


def mse(t1, t2):
    diff = t1 - t2
    return torch.sum(diff @ diff) / diff.numel()
