"""Starts threads until there are no more."""

import threading
import time


def predict(model, region):
    started = 0
    for _ in range(2000):
        try:
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
            started += 1
        except (RuntimeError, MemoryError) as error:
            _note(f"{type(error).__name__}: {error}")
            break
    if started >= 2000:
        succeeded("2000 threads run")
    tell()
