"""Computes the model with the layer that is forbidden there.

status = ["forbidden"]
words = "linear|Linear"
"""


def model(x, w, b):
    layer = torch.nn.Linear(x.shape[1], len(w))
    return torch.func.functional_call(layer, {"weight": w, "bias": b}, x)
