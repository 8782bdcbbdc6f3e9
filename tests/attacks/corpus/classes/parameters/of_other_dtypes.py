"""Has parameters of other kinds of numbers.

earns = {net = 1}
"""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes, dtype=torch.complex64)
        self.linear.bias = nn.Parameter(torch.zeros(classes, dtype=torch.int32), requires_grad=False)

    def forward(self, images):
        return self.linear(images.reshape(images.shape[0], -1))
