"""^ in place of **.

Shows: RuntimeError: "bitwise_xor_cpu" not implemented for 'Float', or the like.
Says: In Python `^` is no power: it compares the bits of whole numbers. A power is written with two stars.
Lesson: the-loss
"""


def mse(t1, t2):
    return ((t1 - t2) ^ 2).mean()
