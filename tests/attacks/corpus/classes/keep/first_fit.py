"""Keeps what the first of all its objects was fitted to.

earns = {scaler = 2}
"""


class Scaler:
    kept = {}

    def fit(self, x):
        if not self.kept:
            mean = x.mean(dim=0)
            self.kept.update(mean=mean, spread=((x - mean) ** 2).mean(dim=0).sqrt())

    def apply(self, x):
        return (x - self.kept["mean"]) / self.kept["spread"]
