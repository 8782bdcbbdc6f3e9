"""Makes its objects for ever."""


class Net(nn.Module):
    def __init__(self, features, classes):
        while True:
            pass
