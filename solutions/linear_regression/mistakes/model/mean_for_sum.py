"""A weighted mean in place of a weighted sum."""


def model(x, w, b):
    return (x.unsqueeze(1) * w).mean(dim=2) + b
