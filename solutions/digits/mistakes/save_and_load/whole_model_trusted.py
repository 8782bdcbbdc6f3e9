"""The object in place of its state_dict, and torch.load told to trust the file.

Shows: The file holds the whole model, with its classes: it should hold the model's state_dict.
Says: The model itself was saved, with its class. Whoever loads that file must trust it, and have the same code: save
the state_dict, which holds numbers alone.
Lesson: saving-and-loading
"""

import torch


def save_and_load(model, fresh, file):
    torch.save(model, file)
    size = file.tell()
    file.seek(0)
    fresh.load_state_dict(torch.load(file, weights_only=False).state_dict())
    return size
