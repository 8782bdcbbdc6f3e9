"""Raises syntax errors that name files, lines and messages that are no text.

status = ["failed", "crashed", "timed_out"]
"""


class Odd:
    def __str__(self):
        sys.exit(0)

    def __hash__(self):
        raise KeyboardInterrupt

    def __eq__(self, other):
        return True


def predict(model, region):
    error = SyntaxError("broken")
    error.filename, error.lineno, error.msg = Odd(), 2**70, Odd()
    raise error
