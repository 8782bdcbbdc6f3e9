"""An object that can be called."""


class Linear:
    """The name of PyTorch's layer, but none of it."""

    def __call__(self, x, w, b):
        return x.matmul(w.T).add(b)


model = Linear()
