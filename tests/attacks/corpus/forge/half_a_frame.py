"""Sends half of a frame, and waits.

status = ["timed_out"]
words = "second"
"""

import struct
import time


def predict(model, region):
    for number in range(3, 64):
        try:
            os.write(number, struct.pack("<II", 100, 0) + b'{"body"')
        except OSError:
            continue
    time.sleep(1000)
