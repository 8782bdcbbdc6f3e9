"""Always zero, which can be differentiated and says nothing."""


def mse(t1, t2):
    return (t1 - t2).sum() * 0
