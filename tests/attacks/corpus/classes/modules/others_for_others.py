"""Is right, and gives an optimizer of another exercise what is no tensor.

earns = {net = 4}
"""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)

    def forward(self, images):
        return self.linear(images.reshape(images.shape[0], -1))

    def parameters(self, recurse=True):
        return [self, "params", {"params": 1}]
