"""Ends the process when it is moved to a device."""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)

    def _apply(self, function, recurse=True):
        raise SystemExit(0)

    state_dict = load_state_dict = train = named_buffers = _apply
