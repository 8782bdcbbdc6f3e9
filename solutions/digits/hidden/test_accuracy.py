"""Hidden checks of `accuracy`."""

import torch

from grader.checks import check
from solutions.digits.from_scratch import accuracy
from solutions.digits.oracle import apart

# Rows, classes and how many are right: two of the same shape, which have little in common, as many rows as classes, and
# so many rows that rounding to two decimals shows.
CASES = [(29, 4, 8), (29, 4, 23), (7, 2, 3), (5, 5, 2), (37, 3, 20), (1, 3, 1)]


@check("accuracy")
def test_values(student, draw):
    """gives the share of rows whose label has the highest score"""
    asked = []
    for n, k, right in CASES:
        s = apart(draw, n, k)
        y = s.argmax(dim=1)
        y[right:] += torch.tensor([draw.integer(1, k - 1) for _ in range(n - right)], dtype=torch.int64)
        asked.append((s, y % k))
    outcomes = [student.accuracy(*each) for each in asked]
    for outcome, each in zip(outcomes, asked, strict=True):
        outcome.returns(accuracy(*each), what="the accuracy")
