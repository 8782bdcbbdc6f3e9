"""Sends answers whose tensors say that they have other sizes than what comes with them.

status = ["crashed", "failed"]
"""

import json
import struct

SHAPES = [[2], [-1], [2**62, 2**62], [1.5], [True], ["1"], [10**30], [0, 2**63], [1] * 5000, None]
COUNT = []


def predict(model, region):
    COUNT.append(1)
    shape = SHAPES[(os.getpid() + len(COUNT)) % len(SHAPES)]
    tensor = ["tensor", "float32", shape, 0, False, None, True, "cpu"]
    header = json.dumps({"body": {"reply": [tensor, [None, None], [], []]}, "buffers": [4]}).encode()
    for number in range(3, 64):
        try:
            os.write(number, struct.pack("<II", len(header), 4) + header + b"\0\0\0\0")
        except OSError:
            continue
    return [0.0]
