"""Gives its parameters gradients that were not computed.

earns = {net = 3}
"""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)

    def forward(self, images):
        for parameter in self.parameters():
            parameter.grad = torch.ones_like(parameter)
        return self.linear(images.reshape(images.shape[0], -1)).detach().requires_grad_()
