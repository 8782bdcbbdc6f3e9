"""The predictions are computed without gradients.

Shows: Right numbers without a history.
Says: The predictions are right, but they were made without recording, so no gradient can reach w and b. Training
needs the record: leave recording on here.
Lesson: gradients
"""

import ast

import torch


def model(x, w, b):
    with torch.no_grad():
        return x @ w.t() + b


def is_written(function):
    """Recording is switched off somewhere."""
    return any(
        isinstance(node, ast.Attribute) and node.attr in ("no_grad", "inference_mode", "set_grad_enabled")
        for node in ast.walk(function)
    )
