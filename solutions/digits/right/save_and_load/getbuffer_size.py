"""The end of the file is looked up."""

import torch


def save_and_load(model, fresh, file):
    torch.save(model.state_dict(), file)
    size = file.seek(0, 2)
    file.seek(0)
    state = torch.load(file, weights_only=True)
    with torch.no_grad():
        for name, parameter in fresh.named_parameters():
            parameter.copy_(state[name])
    return size
