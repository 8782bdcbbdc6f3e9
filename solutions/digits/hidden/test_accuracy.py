"""Hidden checks of `accuracy`."""

from grader.checks import check
from solutions.digits.from_scratch import accuracy
from solutions.digits.oracle import apart, labels

# Two of the same shape, as many rows as classes, and so many rows that rounding to two decimals shows.
SHAPES = [(9, 4), (9, 4), (7, 2), (5, 5), (37, 3), (1, 3)]


@check("accuracy")
def test_values(student, draw):
    """gives the share of rows whose label has the highest score"""
    asked = []
    for n, k in SHAPES:
        s, y = apart(draw, n, k), labels(draw, n, k)
        right = draw.integer(1, max(1, n - 2))
        y[:right] = s[:right].argmax(dim=1)
        if n > 1:  # one is wrong for sure
            y[right] = s[right].argmin()
        asked.append((s, y))
    outcomes = [student.accuracy(*each) for each in asked]
    for outcome, each in zip(outcomes, asked, strict=True):
        outcome.returns(accuracy(*each), what="the accuracy")
