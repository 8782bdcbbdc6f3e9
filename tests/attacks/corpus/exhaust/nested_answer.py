"""Returns a list that is nested a hundred thousand times, and one that holds itself.

status = ["failed", "crashed"]
"""

COUNT = []


def predict(model, region):
    COUNT.append(0)
    nested = []
    for _ in range(100_000):
        nested = [nested]
    if len(COUNT) % 2:
        nested.append(nested)
        nested[0] = nested
    return nested
