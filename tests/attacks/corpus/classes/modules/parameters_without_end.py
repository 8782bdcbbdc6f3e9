"""Names parameters without end."""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()

    def named_parameters(self, *arguments, **named):
        while True:
            yield "linear.weight", torch.zeros(2)
