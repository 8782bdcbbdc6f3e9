"""numel is named and not called.

Shows: TypeError: unsupported operand type(s) for /: 'Tensor' and 'builtin_function_or_method'.
Says: The sum is divided by a function or method itself, such as `numel` without parentheses, and not by the number
that it gives. Call it, with parentheses.
Lesson: the-loss
"""

import torch


def mse(t1, t2):
    diff = t1 - t2
    return torch.sum(diff * diff) / diff.numel
