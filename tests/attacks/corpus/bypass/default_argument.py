"""Holds the forbidden function in the default of an argument.

status = ["forbidden"]
words = "mse_loss"
"""


def mse(t1, t2, how=torch.nn.functional.mse_loss):
    return how(t1, t2)
