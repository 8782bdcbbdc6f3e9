"""Makes its parameters not finite, and scores that are neither; the gradients are right.

earns = {net = 2}
"""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)

    def forward(self, images):
        with torch.no_grad():
            self.linear.weight.fill_(float("nan"))
        return self.linear(images.reshape(images.shape[0], -1))
