""".numpy() of a tensor that is still attached.

Shows: RuntimeError: Can't call numpy() on Tensor that requires grad.
Says: A tensor that is attached to a graph doesn't become an array. It needn't: predict without recording gradients,
and return the tensor.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    return model(torch.tensor([list(region)], dtype=torch.float32))[0].numpy()
