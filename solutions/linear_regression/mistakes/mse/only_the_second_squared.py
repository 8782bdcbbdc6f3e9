"""t1 - t2 ** 2: the brackets are missing.

Shows: The mean of t1 minus t2 squared; often negative.
Says: Only the second tensor was squared: a power binds tighter than a minus. Put brackets around the difference.
Lesson: the-loss
"""


def mse(t1, t2):
    return (t1 - t2**2).mean()
