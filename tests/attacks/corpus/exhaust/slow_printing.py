"""Prints a little now and then, and never answers.

status = ["timed_out"]
words = "second"
"""

import time


def predict(model, region):
    while True:
        print("still alive", flush=True)
        time.sleep(0.05)
