"""Prints 200 MB.

status = ["crashed"]
words = "printed more than"
"""


def predict(model, region):
    for _ in range(200):
        print("x" * 1_000_000)
