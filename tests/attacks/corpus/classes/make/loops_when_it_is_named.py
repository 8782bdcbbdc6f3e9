"""Loops in the `__set_name__` of a descriptor, while its class is made.

module = "objects"
spoils = ["scaler"]
"""


class Endless:
    def __set_name__(self, owner, name):
        while True:
            pass


class Scaler:
    mean = Endless()
