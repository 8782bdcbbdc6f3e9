"""Compiles the forbidden call with TorchScript, from a text.

status = ["forbidden", "failed"]
"""


def mse(t1, t2):
    unit = torch.jit.CompilationUnit("def f(a, b):\n    return torch.mse_" + "loss(a, b)\n")
    return unit.f(t1, t2)
