"""The object in place of its state_dict.

Shows: UnpicklingError: torch.load takes numbers only.
Says: The model itself was saved, with its class. torch.load reads only plain numbers unless it is told to trust a
file. Save the state_dict.
Lesson: saving-and-loading
"""

import torch


def save_and_load(model, fresh, file):
    torch.save(model, file)
    size = file.tell()
    file.seek(0)
    fresh.load_state_dict(torch.load(file).state_dict())
    return size
