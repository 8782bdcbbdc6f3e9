"""Computed in float16.

Shows: Right to three digits; infinite for large differences.
Says: The loss is right to three digits at most, and infinite when differences are large: on the way, the numbers
were float16. Compute with the numbers as they come.
Lesson: the-loss
"""


def mse(t1, t2):
    diff = t1.half() - t2.half()
    return (diff * diff).mean().to(t1.dtype)
