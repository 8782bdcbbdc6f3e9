"""Times two in place of to the power of two.

Shows: Twice the mean difference; may be negative.
Says: The differences were doubled, not squared. A square is a number times itself, or to the power of two.
Lesson: the-loss
"""


def mse(t1, t2):
    return ((t1 - t2) * 2).mean()
