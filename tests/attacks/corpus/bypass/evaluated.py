"""Has the forbidden call in a text that is evaluated.

status = ["forbidden"]
words = "mse_loss"
"""


def mse(t1, t2):
    return eval(bytes.fromhex("6d73655f6c6f7373").decode() + "(a, b)", vars(torch.nn.functional) | {"a": t1, "b": t2})
