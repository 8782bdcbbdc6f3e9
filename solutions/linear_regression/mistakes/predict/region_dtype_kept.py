"""The tensor's dtype is what the numbers are.

Shows: Right for a list of floats; RuntimeError: mat1 and mat2 must have the same dtype, for whole numbers and
arrays of float64.
Says: A tensor of whole numbers, or of float64, doesn't fit the model's float32 weights. Say which dtype the tensor
should have.
Lesson: arrays-to-tensors
"""

import torch


def predict(model, region):
    with torch.no_grad():
        return model(torch.tensor([list(region)]))[0]
