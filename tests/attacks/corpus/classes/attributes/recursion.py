"""Asks itself for an attribute that asks for it again."""


class Net(nn.Module):
    def __init__(self, features, classes):
        self.linear = nn.Linear(features, classes)

    def __getattr__(self, name):
        return getattr(self, name + "x")
