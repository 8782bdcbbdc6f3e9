"""Sends a frame that is just as large as a frame may be, and no answer.

status = ["crashed", "failed"]
"""

import struct


def predict(model, region):
    for number in range(3, 64):
        try:
            os.fstat(number)
            data = struct.pack("<II", 4 << 20, 64 << 20) + b" " * (4 << 20)
            os.write(number, data)
            for _ in range(64):
                os.write(number, bytes(1 << 20))
        except OSError:
            continue
    return [0.0]
