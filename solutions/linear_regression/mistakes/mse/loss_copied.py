"""A new tensor of the numbers alone.

Shows: The right number without a history; it is told apart from its likes in the source.
Says: The number is right, but it is a copy: torch.tensor(), functions like it and NumPy copy the numbers alone, without
the graph they came from, so no gradient can flow back. Return the result itself.
Lesson: gradients
"""

import ast

import torch


def mse(t1, t2):
    return torch.tensor(((t1 - t2) ** 2).mean())


def is_written(function):
    """A tensor is made of numbers, and nothing else cuts it off."""
    names = {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(function)}
    copies = {"tensor", "Tensor", "FloatTensor", "from_numpy", "full", "scalar_tensor"}
    cuts = {"detach", "detach_", "data", "item", "tolist", "float", "no_grad", "inference_mode", "set_grad_enabled"}
    return isinstance(function, ast.FunctionDef) and bool(names & copies) and not names & cuts
