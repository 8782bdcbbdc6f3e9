"""Hidden checks of `confusion`."""

from grader.checks import check, guard
from solutions.digits.oracle import labels
from solutions.digits.with_torch import confusion


@check("confusion")
def test_counts(student, draw):
    """counts which class was taken for which, with a row for each label and a column for each prediction"""
    asked = []
    for n, k, most in [(60, 10, 8), (60, 10, 8), (9, 3, 3), (5, 4, 2), (12, 2, 2), (1, 3, 3)]:
        # Of some classes there are no rows, and the table has a place for them all the same.
        asked.append((labels(draw, n, most), labels(draw, n, most), k))
    outcomes = [student.confusion(*each) for each in asked]
    for outcome, each in zip(outcomes, asked, strict=True):
        outcome.returns(confusion(*each), what="the table")


@guard("confusion", penalty=0.25)
def test_leaves_its_arguments_alone(student, draw):
    """leaves predictions and labels as they were"""
    student.confusion(labels(draw, 8, 3), labels(draw, 8, 3), 3).leaves_alone(0, 1)
