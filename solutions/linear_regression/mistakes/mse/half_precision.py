"""Computed in float16."""


def mse(t1, t2):
    diff = t1.half() - t2.half()
    return (diff * diff).mean().to(t1.dtype)
