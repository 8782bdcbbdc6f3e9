"""Fills the memory in properties."""


class Scaler:
    @property
    def fit(self):
        return [bytearray(1 << 28) for _ in range(1 << 12)]

    apply = fit
