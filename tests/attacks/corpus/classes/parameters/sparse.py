"""Has sparse parameters."""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        self.linear.weight = nn.Parameter(torch.zeros(classes, features).to_sparse())

    def forward(self, images):
        return torch.zeros(len(images), 4)
