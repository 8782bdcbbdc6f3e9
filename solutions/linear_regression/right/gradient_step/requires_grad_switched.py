"""Not a parameter for the length of the update.

Advice: This works. But should anything go wrong between the two switches, the parameter stays without gradients. A
block of torch.no_grad() switches the recording on again by itself.
"""

import ast


def gradient_step(w, b, lr):
    for p in (w, b):
        p.requires_grad_(False)
        p -= lr * p.grad
        p.grad.zero_()
        p.requires_grad_(True)


def is_written(function):
    """A tensor is told not to require gradients for a while."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "requires_grad_":
            if any(isinstance(value, ast.Constant) and value.value is False for value in node.args):
                return True
        if isinstance(node, ast.Assign) and any(
            getattr(target, "attr", "") == "requires_grad" for target in node.targets
        ):
            return True
    return False
