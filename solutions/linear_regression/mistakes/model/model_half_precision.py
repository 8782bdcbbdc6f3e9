"""Computed in float16.

Shows: Right to three digits.
Says: The predictions are right to three or four digits only: on the way, the numbers were float16. Compute in
float32, as they come.
Lesson: the-model
"""


def model(x, w, b):
    return (x.half() @ w.half().t() + b.half()).float()
