"""Closes every descriptor that it has, one of them its way to answer.

status = ["crashed"]
"""


def predict(model, region):
    os.closerange(0, 1000)
    return [0.0]
