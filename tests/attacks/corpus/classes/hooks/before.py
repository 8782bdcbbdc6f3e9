"""Has a hook that loops before its scores are computed.

earns = {net = 1}
"""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        self.register_forward_pre_hook(self.wait)

    def wait(self, *arguments):
        while True:
            pass
