"""Leaves threads that go on computing after the answer, while other exercises are graded."""

import threading


def work():
    while True:
        sum(range(1000))


def predict(model, region):
    for _ in range(4):
        threading.Thread(target=work, daemon=True).start()
    raise ValueError("the threads go on")
