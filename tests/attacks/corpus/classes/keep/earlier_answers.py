"""Gives what it was given when it was called before."""


class Scaler:
    kept = []

    def fit(self, x):
        self.kept.append(x)

    def apply(self, x):
        self.kept.append(x)
        return self.kept[-3][: len(x)]
