"""Writes random bytes to every descriptor.

status = ["crashed", "failed"]
"""


def predict(model, region):
    for number in range(3, 64):
        try:
            os.write(number, os.urandom(5000))
        except OSError:
            continue
    return [0.0]
