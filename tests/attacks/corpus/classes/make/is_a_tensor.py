"""Is a tensor, and no module."""


class Net(torch.Tensor):
    def __new__(cls, features, classes):
        return torch.Tensor._make_subclass(cls, torch.zeros(classes, features))
