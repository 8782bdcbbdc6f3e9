"""Keeps what it was fitted to in slots, and is right.

earns = {scaler = 3}
"""


class Scaler:
    __slots__ = ("mean", "spread")

    def fit(self, x):
        self.mean = x.mean(dim=0)
        self.spread = ((x - self.mean) ** 2).mean(dim=0).sqrt()

    def apply(self, x):
        return (x - self.mean) / self.spread
