"""Uses the operator below the forbidden function.

status = ["forbidden"]
words = "mse_loss"
"""


def mse(t1, t2):
    return torch.ops.aten.mse_loss(t1, t2)
