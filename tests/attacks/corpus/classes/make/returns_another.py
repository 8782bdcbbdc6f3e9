"""Makes a list where its object should be."""


class Net(nn.Module):
    def __new__(cls, features, classes):
        return [torch.zeros(classes, features), torch.zeros(classes)]
