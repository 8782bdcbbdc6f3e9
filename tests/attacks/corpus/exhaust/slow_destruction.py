"""Returns at once, and takes for ever to clear away what it leaves.

status = ["timed_out", "failed"]
"""


class Slow:
    def __del__(self):
        while True:
            pass


def predict(model, region):
    Slow()
    return [1.0]
