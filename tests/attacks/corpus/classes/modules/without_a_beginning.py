"""Takes away what a module keeps its parameters in."""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        del self.__dict__["_parameters"], self.__dict__["_modules"], self.__dict__["_buffers"]

    def forward(self, images):
        return torch.zeros(len(images), 4)
