"""The bytes are counted, and the parameters sorted by name."""

import torch


def save_and_load(model, fresh, file):
    torch.save({name: value.detach().clone() for name, value in sorted(model.state_dict().items())}, file)
    size = len(file.getvalue())
    file.seek(0)
    with torch.no_grad():
        for name, value in torch.load(file).items():
            fresh.state_dict()[name].copy_(value)
    return size
