"""Says how it is pickled and copied: by running commands."""


class Rows(Dataset):
    def __init__(self, inputs, targets):
        pass

    def __reduce__(self):
        return os.system, ("true",)

    __reduce_ex__ = __getstate__ = __copy__ = lambda self, *arguments: self.__reduce__()
    __deepcopy__ = __reduce_ex__

    def __len__(self):
        return self

    def __getitem__(self, index):
        return self, self
