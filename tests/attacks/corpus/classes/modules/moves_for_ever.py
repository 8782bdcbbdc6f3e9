"""Loops when it is moved to a device, and when it is told to train."""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)

    def to(self, *arguments, **named):
        while True:
            pass

    _apply = train = to
