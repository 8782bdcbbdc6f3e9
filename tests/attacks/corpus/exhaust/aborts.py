"""Ends its process by abort.

status = ["crashed"]
words = "signal 6"
"""


def predict(model, region):
    os.abort()
