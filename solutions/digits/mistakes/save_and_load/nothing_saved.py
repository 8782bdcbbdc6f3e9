"""From one model to the other without a file.

Shows: The file doesn't hold the weight of the first model.
Says: The file is empty when the function ends, and a model that isn't in a file is gone with the program. Save the
parameters there with torch.save, and load them from there.
Lesson: saving-and-loading
"""

import io

import torch


def save_and_load(model, fresh, file):
    fresh.load_state_dict(model.state_dict())
    memory = io.BytesIO()
    torch.save(model.state_dict(), memory)
    return len(memory.getvalue())
