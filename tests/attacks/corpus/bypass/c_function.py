"""Uses the compiled function behind the forbidden one.

status = ["forbidden"]
words = "mse_loss"
"""


def mse(t1, t2):
    return torch._C._nn.mse_loss(t1, t2)
