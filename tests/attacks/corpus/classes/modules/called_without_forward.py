"""Is called in place of its `forward`, and gives what it was given.

earns = {net = 1}
"""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)

    def __call__(self, images):
        return images
