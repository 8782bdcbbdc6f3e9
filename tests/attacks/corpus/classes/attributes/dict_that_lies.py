"""Says that its attributes are a module's parameters."""


class Net:
    def __init__(self, features, classes):
        self.state = {"linear.weight": torch.zeros(classes, features), "linear.bias": torch.zeros(classes)}

    @property
    def __dict__(self):
        return object.__getattribute__(self, "state")

    def __setattr__(self, name, value):
        object.__setattr__(self, "state", value)

    __slots__ = ("state",)
