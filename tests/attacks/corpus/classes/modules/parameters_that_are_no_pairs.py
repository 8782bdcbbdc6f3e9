"""Names its parameters in a way that no dictionary can be made of.

earns = {net = 1}
"""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)

    def named_parameters(self, *arguments, **named):
        return [1, [], self]
