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
    # Of two cases of the same shapes each has a share of its own.
    for n, m, k, right in [(15, 12, 10, 1), (15, 12, 10, 5), (8, 30, 3, 7), (5, 41, 5, 4)]:
        train_y, most = drawn(draw, n, k)
        other = (most + draw.integer(1, k - 1)) % k
        # In the other set another label is more frequent.
        asked.append((train_y, torch.tensor([other] * (m - right) + [most] * right)))
    outcomes = [student.baseline(*each) for each in asked]
    for outcome, each in zip(outcomes, asked, strict=True):
        outcome.returns(baseline(*each), what="the accuracy")
