"""Prints what ends the printed text of a call, and frames, in each of its methods."""


class Scaler:
    def fit(self, x):
        for end in (b"\x1e", b"\x00" * 8, b"\x1e\x1e\n\x1e", b'\x02\0\0\0\0\0\0\0{}'):
            os.write(1, end * 1000)

    def apply(self, x):
        self.fit(x)
        return x
