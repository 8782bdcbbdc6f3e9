"""tell() behind seek(0).

Shows: 0 bytes.
Says: The position was asked for at the beginning of the file, where it is 0. Ask right after writing, when it is at
the end.
Lesson: saving-and-loading
"""

import torch


def save_and_load(model, fresh, file):
    torch.save(model.state_dict(), file)
    file.seek(0)
    size = file.tell()
    fresh.load_state_dict(torch.load(file))
    return size
