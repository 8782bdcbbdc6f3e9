"""((a - b) ** 2).mean()"""


def mse(preds, targets):
    return ((preds - targets) ** 2).mean()
