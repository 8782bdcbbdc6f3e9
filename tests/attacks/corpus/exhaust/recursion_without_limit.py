"""Takes the limit of recursion away, and calls itself until its stack is full.

status = ["crashed", "failed", "timed_out"]
"""


class Deep:
    def __getattr__(self, name):
        return getattr(self, name)


def predict(model, region):
    sys.setrecursionlimit(10**9)
    return Deep().nothing
