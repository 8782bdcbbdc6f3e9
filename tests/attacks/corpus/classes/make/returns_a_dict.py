"""Makes a dictionary of parameters where its object should be."""


class Net(nn.Module):
    def __new__(cls, features, classes):
        return {"linear.weight": torch.zeros(classes, features), "linear.bias": torch.zeros(classes)}
