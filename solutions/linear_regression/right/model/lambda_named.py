"""A lambda with a name."""

model = lambda x, w, b: x.mm(w.t()) + b
