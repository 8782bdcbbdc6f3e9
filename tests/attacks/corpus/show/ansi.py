"""Raises a message that would steer a terminal.

words = "x1b"
"""


def predict(model, region):
    print("\x1b]0;title\x07\x1b[2J\x1b[31mred\x9b31m\x08\x08\x7f")
    raise ValueError("\x1b]0;title\x07\x1b[2J\x1b[31mred\x9b31m\x08\x08\x7f\x00")
