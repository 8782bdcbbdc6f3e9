"""Waits for a signal that nobody sends, with all of them blocked.

status = ["timed_out"]
words = "second"
"""

import signal


def predict(model, region):
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    signal.sigwait([signal.SIGUSR1])
