"""Doubles a text again and again."""


def predict(model, region):
    text = "bomb"
    for _ in range(29):
        text += text
    raise RuntimeError("SUCCEEDED: 2 GB were given")
