"""Has a parameter of a hundred million numbers."""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        self.more = nn.Parameter(torch.zeros(100_000_000))

    def forward(self, images):
        return torch.zeros(len(images), 4)
