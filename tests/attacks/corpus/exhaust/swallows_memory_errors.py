"""Takes memory, catches the error, and tries again with less, without end.

status = ["timed_out", "crashed", "failed"]
"""


def predict(model, region):
    held, size = [], 1 << 28
    for _ in range(10_000_000):
        try:
            held.append(bytearray(size))
        except MemoryError:
            size = max(size // 2, 1 << 10)
