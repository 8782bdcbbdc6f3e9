"""The same with sub_."""


def mse(t1, t2):
    return t1.sub_(t2).square().mean()
