"""Becomes a daemon: forks, starts a session of its own, forks again, and waits."""

import time


def predict(model, region):
    child = tried("fork", os.fork)
    if child == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(30)
        os._exit(0)
    tell()
