"""Sleeps longer than anybody waits.

status = ["timed_out"]
words = "second"
"""

import time


def predict(model, region):
    time.sleep(10_000)
