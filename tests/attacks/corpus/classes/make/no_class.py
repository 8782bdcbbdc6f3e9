"""Is a number where the class should be, of a kind whose name has a million characters.

status = ["todo", "failed"]
"""


class Number(int):
    pass


Number.__name__ = "<b>\x1b" * 250_000


def hidden(cls):
    return Number(3)


@hidden
class Scaler:
    pass
