"""Returns the right values in a sparse tensor.

earns = {model = 1}
"""


def model(x, w, b):
    return (x @ w.t() + b).to_sparse()
