"""Is right, and names parameters of other shapes after they were filled, with gradients.

earns = {net = 4}
"""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        self.asked = 0

    def named_parameters(self, *arguments, **named):
        self.asked += 1
        for name, parameter in super().named_parameters():
            other = torch.zeros(2, 2, 2, dtype=torch.float64)
            other.grad = torch.zeros(2, 2, 2, dtype=torch.float64)
            yield name, other if self.asked > 1 else parameter

    def forward(self, images):
        return self.linear(images.reshape(images.shape[0], -1))
