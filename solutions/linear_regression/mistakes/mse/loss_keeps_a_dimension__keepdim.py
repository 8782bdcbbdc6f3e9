"""keepdim keeps all of them."""


def mse(t1, t2):
    return ((t1 - t2) ** 2).mean(dim=tuple(range(t1.dim())), keepdim=True)
