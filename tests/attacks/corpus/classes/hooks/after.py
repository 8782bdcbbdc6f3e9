"""Has a hook that puts something else in the place of its scores.

earns = {net = 1}
"""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        self.register_forward_hook(lambda *arguments: torch.zeros(5, classes))

    def forward(self, images):
        return self.linear(images.reshape(images.shape[0], -1))
