"""Says that it is a module, and of which class it is ends the process when it is asked again."""


class Net:
    asked = []

    def __init__(self, features, classes):
        self.shapes = {"linear.weight": (classes, features), "linear.bias": (classes,)}

    @property
    def __class__(self):
        Net.asked.append(1)
        if len(Net.asked) > 200:
            raise SystemExit(0)
        return nn.Module

    def to(self, device):
        return self

    def named_parameters(self):
        return [(name, torch.zeros(shape) + 1j) for name, shape in self.shapes.items()]

    def named_buffers(self):
        return [("more", torch.zeros(2))]

    def __call__(self, images):
        return torch.zeros(len(images), 4)
