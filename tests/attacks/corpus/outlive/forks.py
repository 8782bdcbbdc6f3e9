"""Forks, and leaves a child behind that waits."""

import time


def linger():
    time.sleep(30)
    os._exit(0)


def predict(model, region):
    child = tried("fork", os.fork)
    if child == 0:
        linger()
    refused("clone", 0x10000, 0, 0, 0, 0)
    refused("clone3", 0, 0)
    tell()
