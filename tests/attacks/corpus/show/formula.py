"""Raises a message that a spreadsheet would compute."""


def predict(model, region):
    raise ValueError("=cmd|' /C calc'!A0\n+1+1\n-1\n@SUM(1)\t=1")
