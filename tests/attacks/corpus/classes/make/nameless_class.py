"""Is something else where the class should be, whose kind ends the process when it is asked for its name.

status = ["todo", "failed"]
"""


class Meta(type):
    @property
    def __name__(cls):
        raise SystemExit(0)


class Thing(metaclass=Meta):
    pass


def hidden(cls):
    return Thing()


@hidden
class Scaler:
    pass
