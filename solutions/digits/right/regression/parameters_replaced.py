"""New parameters of zeros."""

import torch
from torch import nn


class SoftmaxRegression(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        self.linear.weight = nn.Parameter(torch.zeros(classes, features))
        self.linear.bias = nn.Parameter(torch.zeros(classes))

    def forward(self, x):
        rows = x if x.ndim == 2 else x.reshape(x.shape[0], -1)
        return rows @ self.linear.weight.T + self.linear.bias
