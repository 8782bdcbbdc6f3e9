"""The answer has a row for each target.

Shows: Shape (t, n), the numbers are right.
Says: The predictions lie on their side: a row for each target. There should be a row for each row of x, and a
column for each target.
Lesson: the-model
"""


def model(x, w, b):
    return w @ x.t() + b.reshape(-1, 1)
