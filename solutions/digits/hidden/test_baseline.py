"""Hidden checks of `baseline`."""

import torch

from grader.checks import check
from solutions.digits.from_scratch import baseline
from solutions.digits.oracle import labels


def drawn(draw, n, k, most):
    """Labels of which one, neither the smallest nor the largest, is the most frequent by far."""
    return torch.cat([labels(draw, n, k), torch.full((n + 2,), most), torch.tensor([0, k - 1])])


def off_the_middle(k, most):
    """Labels of which one is the most frequent, and more than half of all are larger, or smaller."""
    larger, smaller = (3, 1) if 2 * most < k - 1 else (1, 3)
    return torch.tensor([at for at in range(k) for _ in range(5 if at == most else larger if at > most else smaller)])


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
    for k, most, m in [(10, first, 12), (10, first + 4, 30), (6, 1, 41)]:
        asked.append((off_the_middle(k, most), torch.tensor([most + 1] * (m - m // 3) + [most] * (m // 3))))
    outcomes = [student.baseline(*each) for each in asked]
    for outcome, each in zip(outcomes, asked, strict=True):
        outcome.returns(baseline(*each), what="the accuracy")
