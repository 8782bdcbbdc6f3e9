"""Has parameters without numbers."""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes, device="meta")

    def forward(self, images):
        return torch.zeros(len(images), 4)
