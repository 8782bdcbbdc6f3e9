"""Finds the forbidden function by a name that is put together.

status = ["forbidden"]
words = "mse_loss"
"""


def mse(t1, t2):
    return getattr(torch.nn.functional, "".join(["mse", "_", "loss"]))(t1, t2)
