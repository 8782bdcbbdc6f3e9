"""Filled with zeros under no_grad."""

import torch
from torch import nn


class SoftmaxRegression(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        layer = nn.Linear(features, classes)
        with torch.no_grad():
            for parameter in layer.parameters():
                parameter.fill_(0)
        self.linear = layer

    def forward(self, x):
        return self.linear(x.view(len(x), -1))
