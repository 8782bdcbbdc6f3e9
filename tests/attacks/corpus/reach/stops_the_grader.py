"""Sends its parent the signals that stop it, wake it and end it."""

import signal


def predict(model, region):
    for number in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGCONT, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, 0):
        tried(f"signal {number}", os.kill, os.getppid(), number)
        tried(f"signal {number} to all", os.kill, 0, number)
    tell()
