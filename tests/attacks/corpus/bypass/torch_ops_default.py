"""Uses one overload of the operator below the forbidden function, found by its name.

status = ["forbidden"]
words = "mse_loss"
"""


def mse(t1, t2):
    return getattr(getattr(torch.ops.aten, "mse" + "_loss"), "default")(t1, t2)
