"""Is called what can't be shown, and raises exceptions that are called so."""


ODD = "<script>alert(1)</script>\x1b[2J\u202e\ud800=cmd()\n" * 20_000
Odd = type("Odd", (Exception,), {})
Odd.__name__ = Odd.__qualname__ = ODD.replace("\ud800", "")


class Net(nn.Module):
    def __init__(self, features, classes):
        raise Odd(ODD)


class Scaler:
    def fit(self, x):
        pass

    def apply(self, x):
        return Scaler()


Scaler.__name__ = Scaler.__qualname__ = ODD.replace("\ud800", "")
Scaler.__module__ = ODD
