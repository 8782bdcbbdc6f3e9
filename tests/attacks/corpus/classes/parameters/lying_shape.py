"""Has parameters that lie about their shape, and copy nothing."""


class Lying(nn.Parameter):
    @property
    def shape(self):
        return torch.Size([4, 6]) if self.dim() == 2 else torch.Size([4])

    def copy_(self, other):
        return self


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        self.linear.weight = Lying(torch.zeros(1, 1))
        self.linear.bias = Lying(torch.zeros(1))

    def forward(self, images):
        return torch.zeros(len(images), 4)
