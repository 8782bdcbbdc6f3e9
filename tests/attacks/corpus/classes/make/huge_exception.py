"""Raises an exception whose message has thirty million characters."""


class Net(nn.Module):
    def __init__(self, features, classes):
        raise ValueError("<b>\x1b[2J" * 4_000_000)
