"""Has one parameter under two names."""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        self.linear.bias = self.linear.weight

    def forward(self, images):
        return self.linear(images.reshape(images.shape[0], -1))
