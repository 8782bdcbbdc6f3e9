"""How many numbers, not bytes.

Shows: A quarter of the least possible.
Says: That is how many numbers the model has. The size of the file is asked for, in bytes: file.tell() after writing.
Lesson: saving-and-loading
"""

import torch


def save_and_load(model, fresh, file):
    torch.save(model.state_dict(), file)
    file.seek(0)
    fresh.load_state_dict(torch.load(file))
    return sum(each.numel() for each in model.parameters())
