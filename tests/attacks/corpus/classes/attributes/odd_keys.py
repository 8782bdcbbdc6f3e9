"""Has attributes whose names are no texts, or texts of a kind of its own."""


class Text(str):
    __len__ = lambda self: 0
    __str__ = lambda self: self
    __repr__ = lambda self: "<b>"


class Scaler:
    def __init__(self):
        self.__dict__[1] = self.__dict__[None] = self.__dict__[(2, 3)] = self.__dict__[Text("x" * 10**6)] = 1

    def fit(self, x):
        pass

    def apply(self, x):
        return {Text("x" * 300): 1, Text("\ud800\x1b<b>"): 2, None: 3}
