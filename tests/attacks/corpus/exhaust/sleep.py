"""Sleeps longer than anybody waits.

status = ["timed_out"]
words = "seconds"
"""

import time


def predict(model, region):
    time.sleep(10_000)
