"""Has one more parameter, which is too large to be looked at.

searched = true
"""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        self.more = nn.Parameter(torch.zeros(10_000_000))

    def forward(self, images):
        return torch.zeros(len(images), 4)
