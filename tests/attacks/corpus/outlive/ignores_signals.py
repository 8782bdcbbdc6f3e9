"""Ignores every signal that can be ignored, and does not end.

status = ["timed_out"]
words = "second"
"""

import signal


def predict(model, region):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        pass
