"""Is right, and names modules and nothing where its parameters are.

earns = {net = 4}
"""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        self.asked = 0

    def named_parameters(self, *arguments, **named):
        self.asked += 1
        others = [None, self] if self.asked > 1 else self.linear.parameters()
        return list(zip(["linear.weight", "linear.bias"], others))

    def forward(self, images):
        return self.linear(images.reshape(images.shape[0], -1))
