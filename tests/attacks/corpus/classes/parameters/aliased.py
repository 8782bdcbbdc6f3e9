"""Has parameters that share their numbers."""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        self.linear.bias = nn.Parameter(self.linear.weight[:, 0])

    def forward(self, images):
        return self.linear(images.reshape(images.shape[0], -1)) * 0
