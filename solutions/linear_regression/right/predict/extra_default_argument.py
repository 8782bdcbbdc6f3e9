"""Other names, annotations and one more argument.

Advice: This works. But should anything go wrong before the recording is switched on again, it stays off everywhere. A
with block, such as torch.no_grad(), switches it on again by itself.
"""

import ast
from collections.abc import Sequence

import torch
from torch import Tensor, nn


def predict(net: nn.Module, numbers: Sequence[float], dtype: torch.dtype = torch.float32) -> Tensor:
    """The yields of apples and oranges for one region."""
    previous = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    answer = net(torch.stack([torch.as_tensor(numbers, dtype=dtype)]))
    torch.set_grad_enabled(previous)
    return answer[0, :]


def is_written(function):
    """The mode is switched by a statement, not by a with block."""
    return any(
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "attr", getattr(node.value.func, "id", "")) == "set_grad_enabled"
        for node in ast.walk(function)
    )
