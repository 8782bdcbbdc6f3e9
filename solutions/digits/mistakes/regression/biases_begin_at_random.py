"""Only the weights begin at zero.

Shows: The first biases aren't zero.
Says: The weights begin at zero, and the biases don't. nn.Linear has drawn both.
Lesson: a-module
"""

from torch import nn


class SoftmaxRegression(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        nn.init.zeros_(self.linear.weight)

    def forward(self, x):
        return self.linear(x.flatten(start_dim=1))
