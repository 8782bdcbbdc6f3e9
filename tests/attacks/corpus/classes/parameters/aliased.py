"""Has parameters that share their numbers, and scores that are all zero.

earns = {net = 1}
"""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        self.linear.bias = nn.Parameter(self.linear.weight[:, 0])

    def forward(self, images):
        return self.linear(images.reshape(images.shape[0], -1)) * 0
