"""The wrong model is saved.

Shows: fresh hasn't changed, and its own numbers are in the file.
Says: The untrained model was saved and loaded. Save model, and load into fresh.
Lesson: saving-and-loading
"""

import torch


def save_and_load(model, fresh, file):
    torch.save(fresh.state_dict(), file)
    size = file.tell()
    file.seek(0)
    model.load_state_dict(torch.load(file))
    return size
