"""Ends with SystemExit, in every way that there is."""


def predict(model, region):
    sys.exit(0)
