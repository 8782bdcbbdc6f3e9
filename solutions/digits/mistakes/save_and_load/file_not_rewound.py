"""Reading begins at the end.

Shows: EOFError or RuntimeError: there is nothing to read.
Says: After writing, the file's position is at its end, and reading finds nothing there. Go back to the beginning
first, with seek.
Lesson: saving-and-loading
"""

import torch


def save_and_load(model, fresh, file):
    torch.save(model.state_dict(), file)
    size = file.tell()
    fresh.load_state_dict(torch.load(file))
    return size
