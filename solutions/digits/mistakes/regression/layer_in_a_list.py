"""The layer is in a Python list.

Shows: The model has no parameters.
Says: The layer is in a list, where nn.Module doesn't find it, and so the model has no parameters to train. Make it an
attribute of its own.
Lesson: a-module
"""

from torch import nn


class SoftmaxRegression(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.layers = [nn.Linear(features, classes)]
        nn.init.zeros_(self.layers[0].weight)
        nn.init.zeros_(self.layers[0].bias)

    def forward(self, x):
        return self.layers[0](x.flatten(start_dim=1))


def is_written(function):
    import ast

    made = [node.value for node in ast.walk(function) if isinstance(node, ast.Assign)]
    return any(isinstance(value, (ast.List, ast.ListComp)) and "Linear" in ast.dump(value) for value in made)
