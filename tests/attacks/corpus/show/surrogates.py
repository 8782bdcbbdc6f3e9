"""Raises a message that is no text: halves of characters.

words = "udc80"
"""


def predict(model, region):
    raise ValueError("\udc80\ud800 \udfff")
