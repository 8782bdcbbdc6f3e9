"""Has parameters whose shape has no end.

searched = true
"""


class Endless(tuple):
    def __iter__(self):
        while True:
            yield 1

    __ne__ = __eq__ = lambda self, other: True
    __hash__ = None


class Lying(nn.Parameter):
    shape = property(lambda self: Endless())


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        self.linear.weight = Lying(torch.zeros(1, 1))

    def forward(self, images):
        return torch.zeros(len(images), 4)
