"""Asks to be called when the process ends, and then does not end."""

import atexit
import time
import weakref


class Thing:
    def __del__(self):
        while True:
            time.sleep(1)


THING = Thing()


def linger():
    while True:
        time.sleep(1)


def predict(model, region):
    atexit.register(linger)
    weakref.finalize(THING, linger)
    sys.exitfunc = linger
    return [0, 0]
