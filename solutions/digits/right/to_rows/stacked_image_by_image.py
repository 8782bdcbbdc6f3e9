"""Image by image."""

import torch


def to_rows(images):
    return torch.stack([torch.as_tensor(image).to(torch.float32).ravel() * 0.0625 for image in images])
