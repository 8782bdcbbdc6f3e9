"""Stops its own process, so that it neither ends nor goes on.

status = ["timed_out"]
words = "second"
"""

import signal


def predict(model, region):
    os.kill(os.getpid(), signal.SIGSTOP)
