"""Returns the right value with a history that gives wrong gradients.

earns = {mse = 2}
"""


class Wrong(torch.autograd.Function):
    @staticmethod
    def forward(context, t1, t2):
        return ((t1 - t2) ** 2).mean()

    @staticmethod
    def backward(context, upstream):
        return upstream, upstream


def mse(t1, t2):
    return Wrong.apply(t1, t2)
