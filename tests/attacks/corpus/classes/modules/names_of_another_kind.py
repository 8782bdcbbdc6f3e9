"""Has parameters whose names are no texts, or ends the process when they are read."""


class Text(str):
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __format__ = __str__


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        for name in (1, None, Text("x")):
            self._parameters[name] = nn.Parameter(torch.zeros(2))

    def named_parameters(self, *arguments, **named):
        yield from super().named_parameters()
        yield from self._parameters.items()

    def forward(self, images):
        return torch.zeros(len(images), 4)
