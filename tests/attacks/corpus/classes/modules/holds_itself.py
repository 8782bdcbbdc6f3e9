"""Is a part of itself, twice.

earns = {net = 1}
"""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        self.linear.above = self
        self.me = self

    def forward(self, images):
        return torch.zeros(len(images), 4)
