"""Raises an exception whose message is a text of a kind of its own."""


class Text(str):
    def __getitem__(self, key):
        return [self]

    __str__ = lambda self: self
    __len__ = lambda self: 0


class Out(SyntaxError):
    def __init__(self):
        self.msg = Text("passed")
        self.filename = []
        self.lineno = "1"

    __str__ = lambda self: Text("passed")


class Rows(Dataset):
    def __init__(self, inputs, targets):
        raise Out
