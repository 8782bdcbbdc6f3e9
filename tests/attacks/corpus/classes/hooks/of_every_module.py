"""Has hooks for every module of the process, which give something else.

spoils = "objects"
earns = {net = 1}
"""


torch.nn.modules.module.register_module_forward_hook(lambda module, given, result: torch.zeros_like(result))


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)

    def forward(self, images):
        return self.linear(images.reshape(images.shape[0], -1))
