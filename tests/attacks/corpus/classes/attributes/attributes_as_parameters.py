"""Is no module, and has attributes that are called like a module's parameters."""


class Net:
    def __init__(self, features, classes):
        self.__dict__.update({"linear.weight": torch.zeros(classes, features), "linear.bias": torch.zeros(classes)})
