"""Raises exceptions whose text ends the process, raises another or never comes.

status = ["failed", "crashed", "timed_out"]
"""


class Leaves(Exception):
    def __str__(self):
        sys.exit(0)


class Raises(Exception):
    def __str__(self):
        raise self

    __repr__ = __str__


COUNT = []


def predict(model, region):
    COUNT.append(1)
    raise (Leaves, Raises)[len(COUNT) % 2]
