"""Kills its own process.

status = ["crashed"]
words = "signal 9"
"""

import signal


def predict(model, region):
    os.kill(os.getpid(), signal.SIGKILL)
