"""Ends the process, when it is asked for any attribute."""


class Scaler:
    def __getattribute__(self, name):
        raise SystemExit(0)
