"""Has hooks that put other gradients in the place of the right ones.

earns = {net = 3}
"""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        for parameter in self.parameters():
            parameter.register_hook(torch.zeros_like)

    def forward(self, images):
        return self.linear(images.reshape(images.shape[0], -1))
