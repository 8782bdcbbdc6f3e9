"""Matches a regular expression that tries every way to cut a text into parts.

status = ["timed_out"]
words = "second"
"""


def predict(model, region):
    return re.match(r"(a+)+$", "a" * 60 + "!")
