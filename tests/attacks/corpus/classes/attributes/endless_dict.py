"""Has attributes without end.

searched = true
"""


class Endless(dict):
    def keys(self):
        number = 0
        while True:
            number += 1
            yield str(number)

    __getitem__ = lambda self, key: 0
    __iter__ = keys


class Scaler:
    def fit(self, x):
        pass

    def apply(self, x):
        return x

    __dict__ = property(lambda self: Endless())
