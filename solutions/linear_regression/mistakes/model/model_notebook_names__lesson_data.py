"""The module has the lesson's inputs."""

import torch

lesson_inputs = torch.tensor([[73.0, 67, 43], [91, 88, 64], [87, 134, 58], [102, 43, 37], [69, 96, 70]])


def model(x, w, b):
    return lesson_inputs @ w.t() + b
