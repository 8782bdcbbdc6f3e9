"""Sends JSON that is nested a million times.

status = ["crashed"]
words = "could not be read"
"""

import struct


def predict(model, region):
    header = b'{"buffers": [], "body": ' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}"
    send(struct.pack("<II", len(header), 0) + header)
    return [0.0]


def send(data):
    for number in range(3, 64):
        try:
            while data:
                data = data[os.write(number, data) :]
        except OSError:
            continue
