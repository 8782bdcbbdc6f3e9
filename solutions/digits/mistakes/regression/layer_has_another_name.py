"""The layer is called otherwise.

Shows: There is no parameter linear.weight.
Says: The layer is there, under another name. The exercise calls it linear: the names of the parameters are made of
that, and saved models are read by them.
Lesson: a-module
"""

from torch import nn


class SoftmaxRegression(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.layer = nn.Linear(features, classes)
        nn.init.zeros_(self.layer.weight)
        nn.init.zeros_(self.layer.bias)

    def forward(self, x):
        return self.layer(x.flatten(start_dim=1))
