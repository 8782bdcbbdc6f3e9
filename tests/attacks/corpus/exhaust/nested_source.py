"""Has Python compile brackets that are nested a hundred thousand times.

status = ["crashed", "failed"]
"""


def predict(model, region):
    return eval("(" * 100_000 + ")" * 100_000)
