"""Asks for a tensor larger than any machine.

words = "memory|[Ss]torage|too large|overflow"
"""


def predict(model, region):
    return torch.empty(2**48, dtype=torch.float64)
