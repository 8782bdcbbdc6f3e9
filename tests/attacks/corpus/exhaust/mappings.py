"""Maps memory without touching it, and touches it later."""

import mmap


def predict(model, region):
    held = []
    tried("2 GB at once", mmap.mmap, -1, 2 << 30)
    for _ in range(200):
        try:
            held.append(mmap.mmap(-1, 10 << 20))
            for page in range(0, 10 << 20, 4096):
                held[-1][page] = 1
        except (OSError, MemoryError):
            break
    if len(held) > 100:
        succeeded(f"{len(held) * 10} MB were given")
    held.clear()
    tell()
