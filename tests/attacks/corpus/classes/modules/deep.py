"""Has a part within a part, ten thousand deep."""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        part = self
        for _ in range(10_000):
            part._modules["x"] = part = nn.Identity()

    def forward(self, images):
        return torch.zeros(len(images), 4)
