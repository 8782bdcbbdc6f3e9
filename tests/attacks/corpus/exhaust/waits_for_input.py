"""Reads from standard input, and waits for a lock that it holds itself.

status = ["timed_out"]
words = "second"
"""

import threading


def predict(model, region):
    sys.stdin.read() if sys.stdin else os.read(0, 10)
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
