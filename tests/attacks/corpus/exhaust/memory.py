"""Takes memory in pieces until there is no more.

words = "memory"
"""


def predict(model, region):
    held = []
    for _ in range(200):
        held.append(b"x" * 10_000_000)
    succeeded("2 GB were given")
    raise RuntimeError(str(_succeeded))
