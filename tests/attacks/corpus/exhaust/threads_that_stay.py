"""Computes in sixteen threads that never end, while the first one waits for them.

status = ["timed_out"]
words = "second"
"""

import hashlib
import threading


def work():
    while True:
        hashlib.pbkdf2_hmac("sha256", b"", b"", 20_000)


def predict(model, region):
    threads = [threading.Thread(target=work) for _ in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
