"""numel is named and not called.

Shows: TypeError: unsupported operand type(s) for /: 'Tensor' and 'builtin_function_or_method'.
Says: Without parentheses, `numel` is the method itself and not the number that it gives, and nothing can be divided
by a method. Add the parentheses.
Lesson: the-loss
"""

import torch


def mse(t1, t2):
    diff = t1 - t2
    return torch.sum(diff * diff) / diff.numel
