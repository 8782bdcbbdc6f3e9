"""What was read is not put into fresh.

Shows: fresh hasn't changed.
Says: The file was read, and fresh is as it was. The state of model goes into the file, and what was read from it goes into fresh, by its load_state_dict.
Lesson: saving-and-loading
"""

import torch


def save_and_load(model, fresh, file):
    torch.save(model.state_dict(), file)
    size = file.tell()
    file.seek(0)
    fresh = torch.load(file)
    return size
