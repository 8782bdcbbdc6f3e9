"""Is a list of its parameters, and no module."""


class Net(list):
    def __init__(self, features, classes):
        super().__init__([torch.zeros(classes, features), torch.zeros(classes)])
