"""Sends JSON with numbers of a million digits, with NaN, with one key many times.

status = ["crashed"]
words = "could not be read|no answer to this call"
"""

import struct

BODIES = [
    b'{"buffers": [], "body": ' + b"9" * 1_000_000 + b"}",
    b'{"buffers": [], "body": {"reply": [NaN, [], [], []]}}',
    b'{"buffers": [], "body": {"reply": [1e999, [], [], []]}}',
    b'{"buffers": [' + b"0," * 400_000 + b'0], "body": 1}',
    b'{"buffers": [-1, 1], "body": 1}',
    b'{"buffers": [], "body": 1, "body": {"reply": [1.0, [], [], []]}, "score": 30}',
    b'{"buffers": [], "body": "\\ud800\\u0000"}',
    b"\xff\xfe{\x00}\x00",
]


def predict(model, region):
    send(BODIES[os.getpid() % len(BODIES)])
    return [0.0]


def send(header):
    for number in range(3, 64):
        try:
            os.write(number, struct.pack("<II", len(header), 0) + header)
        except OSError:
            continue
