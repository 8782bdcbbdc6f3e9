"""Uses the forbidden class.

status = ["forbidden"]
words = "MSELoss|mse_loss"
"""


def mse(t1, t2):
    return torch.nn.MSELoss()(t1, t2)
