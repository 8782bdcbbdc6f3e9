"""Makes files that say that they are huge.

status = ["failed", "crashed"]
"""

import signal


def predict(model, region):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with open("huge", "wb") as file:
        tried("a terabyte", os.ftruncate, file.fileno(), 1 << 40)
        tried("its end", os.pwrite, file.fileno(), b"x", 1 << 40)
    tell()
