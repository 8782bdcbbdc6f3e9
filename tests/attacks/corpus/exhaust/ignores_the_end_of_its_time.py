"""Ignores the signal that says that its processor time is over, in as many threads as it may have.

status = ["timed_out", "crashed"]
"""

import signal
import threading


def work():
    while True:
        torch.rand(300, 300) @ torch.rand(300, 300)


def predict(model, region):
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    for _ in range(6):
        threading.Thread(target=work, daemon=True).start()
    work()
