"""Sends answers with too many, too few and wrong parts.

status = ["crashed", "failed"]
"""

import json
import struct

BODIES = [{"reply": []}, {"reply": 1}, {"raised": []}, {}, [], None, {"reply": [1, 1, 1, 1]}, {"reply": [[], {}, 1, ""]},
          {"raised": ["call", 1, 1, 1]}, {"raised": ["passed", "a", "b", []]}, {"passed": True}]  # fmt: skip
COUNT = []


def predict(model, region):
    COUNT.append(1)
    header = json.dumps({"body": BODIES[(os.getpid() + len(COUNT)) % len(BODIES)], "buffers": []}).encode()
    for number in range(3, 64):
        try:
            os.write(number, struct.pack("<II", len(header), 0) + header)
        except OSError:
            continue
    return [0.0]
