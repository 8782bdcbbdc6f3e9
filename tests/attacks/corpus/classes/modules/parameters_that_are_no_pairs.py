"""Names its parameters in a way that no dictionary can be made of."""


class Net(nn.Module):
    def named_parameters(self, *arguments, **named):
        return [1, [], self]
