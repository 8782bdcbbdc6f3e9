"""shape[1], which a tensor of one dimension doesn't have."""


def mse(t1, t2):
    diff = t1 - t2
    return (diff * diff).sum() / diff.shape[1]
