"""Uses the function that the exercise forbids.

status = ["forbidden"]
words = "mse_loss"
"""


def mse(t1, t2):
    return torch.nn.functional.mse_loss(t1, t2)
