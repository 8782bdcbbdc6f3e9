"""t1 -= t2 writes the difference into the first argument.

Shows: The right number, and t1 holds the difference afterwards; RuntimeError if it requires gradients.
Says: The difference was written into the first tensor itself, which is the caller's and still needed. Give the
difference a name of its own.
Lesson: the-loss
"""


def mse(t1, t2):
    t1 -= t2
    return (t1**2).mean()
