"""Hidden checks of `baseline`."""

import torch

from grader.checks import check
from solutions.digits.from_scratch import baseline
from solutions.digits.oracle import labels


def drawn(draw, n, k, most):
    """Labels of which one, neither the smallest nor the largest, is the most frequent by far."""
    return torch.cat([labels(draw, n, k), torch.full((n + 2,), most), torch.tensor([0, k - 1])])


@check("baseline")
def test_values(student, draw):
    """says how often the most frequent label of the training set is right on the other one"""
    asked = []
    # Of two cases of the same shapes each has a label and a share of its own.
    first = draw.integer(1, 4)
    for n, m, k, right, most in [
        (15, 12, 10, 1, first),
        (15, 12, 10, 5, first + 4),
        (8, 30, 3, 7, 1),
        (5, 41, 5, 4, draw.integer(1, 3)),
    ]:
        train_y = drawn(draw, n, k, most)
        other = (most + draw.integer(1, k - 1)) % k
        # In the other set another label is more frequent.
        asked.append((train_y, torch.tensor([other] * (m - right) + [most] * right)))
    outcomes = [student.baseline(*each) for each in asked]
    for outcome, each in zip(outcomes, asked, strict=True):
        outcome.returns(baseline(*each), what="the accuracy")
