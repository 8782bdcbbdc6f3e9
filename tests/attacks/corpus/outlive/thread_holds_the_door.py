"""Starts threads that are not daemons, and leaves.

status = ["crashed"]
words = "ended the whole program"
"""

import threading
import time


def predict(model, region):
    for _ in range(3):
        threading.Thread(target=time.sleep, args=(60,)).start()
    os._exit(0)
