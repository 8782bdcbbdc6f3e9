"""Has parameters of a kind whose name has a million characters."""


class Kind(nn.Parameter):
    pass


Kind.__name__ = "<b>" * 400_000
Kind.__module__ = "torch" * 100_000


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        self.linear.weight = Kind(torch.zeros(classes, features))

    def forward(self, images):
        return self.linear.weight
