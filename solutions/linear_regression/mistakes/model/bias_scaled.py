"""The bias is added before the product, to the inputs' sum: the brackets are in the wrong place."""


def model(x, w, b):
    return (x.unsqueeze(1) * w + b.unsqueeze(1)).sum(dim=2)
