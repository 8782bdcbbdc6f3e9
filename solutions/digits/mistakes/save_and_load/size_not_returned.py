"""Nothing comes back.

Shows: None, fresh is right.
Says: The model was saved and loaded, but nothing came back. Return how many bytes the file has.
Lesson: saving-and-loading
"""

import torch


def save_and_load(model, fresh, file):
    torch.save(model.state_dict(), file)
    file.seek(0)
    fresh.load_state_dict(torch.load(file))
