"""Calls the forbidden function in another function, which is found by its number.

status = ["forbidden"]
words = "mse_loss|MSELoss"
"""


def helper(name):
    return next(vars(torch.nn)[each] for each in dir(torch.nn) if each.lower() == name)


def mse(t1, t2):
    return helper("mse" + "loss")()(t1, t2)
