"""Starts threads that go on: they print, write on every descriptor and loop.

searched = true
"""

import threading


def disturb():
    while True:
        for number in (1, *range(3, 12)):
            try:
                os.write(number, b"\x1e\0\0\0\0{}" if number == 1 else b"")
            except OSError:
                continue


class Scaler:
    def __init__(self):
        for _ in range(4):
            threading.Thread(target=disturb, daemon=True).start()

    def fit(self, x):
        self.x = x

    def apply(self, x):
        return x
