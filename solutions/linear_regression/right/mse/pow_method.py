"""The methods pow and mean, and the difference the other way round."""


def mse(t1, t2):
    error = t2 - t1
    return error.pow(2).mean()
