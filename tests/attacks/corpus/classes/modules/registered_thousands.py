"""Registers thousands of parameters and buffers.

searched = true
"""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        for number in range(20_000):
            self._buffers[f"buffer{number}"] = torch.zeros(())

    def forward(self, images):
        return torch.zeros(len(images), 4)
