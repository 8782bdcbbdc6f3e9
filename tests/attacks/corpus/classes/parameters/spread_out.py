"""Has a parameter of a million million numbers that are all one.

searched = true
"""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        self.more = nn.Parameter(torch.zeros(1).expand(10**6, 10**6), requires_grad=False)

    def forward(self, images):
        return torch.zeros(len(images), 4)
