"""Hidden checks of `baseline`."""

import torch

from grader.checks import check
from solutions.digits.from_scratch import baseline
from solutions.digits.oracle import labels


def drawn(draw, n, k):
    """Labels of which one, and not 0, is the most frequent by far."""
    most = draw.integer(1, k - 1)
    return torch.cat([labels(draw, n, k), torch.full((n,), most)]), most


@check("baseline")
def test_values(student, draw):
    """says how often the most frequent label of the training set is right on the other one"""
    asked = []
    for n, m, k in [(15, 12, 10), (15, 12, 10), (8, 30, 3), (5, 41, 5)]:
        train_y, most = drawn(draw, n, k)
        other = (most + draw.integer(1, k - 1)) % k
        # In the other set another label is more frequent, and there are some of this one.
        y = torch.cat([labels(draw, m, k), torch.full((m,), other), torch.full((draw.integer(1, 3),), most)])
        asked.append((train_y, y))
    outcomes = [student.baseline(*each) for each in asked]
    for outcome, each in zip(outcomes, asked, strict=True):
        outcome.returns(baseline(*each), what="the accuracy")
