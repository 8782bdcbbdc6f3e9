"""A new layer for each call.

Shows: There are no parameters.
Says: The layer is made in forward, a new one in each call, and so nothing that was learned is kept. Make it once, in
__init__.
Lesson: a-module
"""

from torch import nn


class SoftmaxRegression(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.features, self.classes = features, classes

    def forward(self, x):
        linear = nn.Linear(self.features, self.classes)
        return linear(x.flatten(start_dim=1))


def is_written(function):
    import ast

    forward = [node for node in ast.walk(function) if getattr(node, "name", "") == "forward"]
    return any(getattr(node, "attr", "") == "Linear" for each in forward for node in ast.walk(each))
