"""Raises in code that is called what can't be shown."""


def odd(function):
    name = "<script>\x1b[2J\u202e=cmd()\n" * 20_000
    function.__code__ = function.__code__.replace(co_qualname=name, co_name=name)
    return function


class Net(nn.Module):
    @odd
    def __init__(self, features, classes):
        raise NotImplementedError("NotImplementedError")
