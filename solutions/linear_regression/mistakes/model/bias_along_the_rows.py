"""w @ x.t() + b: the answer lies on its side, and b doesn't fit.

Shows: RuntimeError about sizes, unless there are as many rows as targets.
Says: The product lies on its side, with a row for each target, and so b doesn't line up with it. Let x come first:
each row of x gives a row of predictions.
Lesson: the-model
"""


def model(x, w, b):
    return w @ x.t() + b
