"""The length of the vector of differences."""


def mse(t1, t2):
    return (t1 - t2).norm()
