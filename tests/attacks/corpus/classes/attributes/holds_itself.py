"""Holds itself, its attributes and towers of lists.

searched = true
"""


class Scaler:
    def __init__(self):
        self.me, self.all = self, self.__dict__
        self.tower = []
        for _ in range(10_000):
            self.tower = [self.tower, self.tower]

    def fit(self, x):
        self.fitted = [self] * 10_000

    def apply(self, x):
        return self.tower
