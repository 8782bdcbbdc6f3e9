"""The right number, at the price of the first argument."""


def mse(t1, t2):
    t1.data -= t2.data
    return (t1**2).mean()
