"""Hidden checks of `worst`."""

import torch

from grader.checks import check, guard
from solutions.digits.oracle import labels
from solutions.digits.with_torch import worst


def drawn(draw, n, k):
    """Scores in which no two rows are equally sure, lifted by different numbers, so that scores don't say how sure. In
    every second row one class is nearly as likely as the first, so that how far those two are apart doesn't either."""
    left = list(range(n))
    sure = [left.pop(draw.integer(0, len(left) - 1)) for _ in range(n)]
    s, top = draw.tensor(n, k, low=-1, high=0), labels(draw, n, k)
    for row in range(n):  # how far its highest score is above all others together says how sure it is
        others = [at for at in range(k) if at != top[row]]
        s[row, others[0]] += 4 * (sure[row] % 2)
        s[row, top[row]] = torch.logsumexp(s[row, others], dim=0) + 0.2 + 3 * sure[row] / n
    y = labels(draw, n, k)
    y[: n // 3] = top[: n // 3]
    y[n // 3] = (top[n // 3] + 1) % k
    return s + draw.tensor(n, 1, low=-30, high=30), y


@check("worst", points=2)
def test_surest_mistakes(student, draw):
    """gives the wrong rows of which the model was surest, the surest first"""
    asked = [(*drawn(draw, n, k), count) for n, k, count in [(12, 4, 3), (12, 4, 3), (20, 10, 5), (9, 2, 1)]]
    outcomes = [student.worst(*each) for each in asked]
    for outcome, each in zip(outcomes, asked, strict=True):
        outcome.returns(worst(*each), what="the tensor of row numbers")


@check("worst", points=1)
def test_fewer_than_asked_for(student, draw):
    """gives all mistakes where there are fewer than asked for, and none where all is right"""
    s, y = drawn(draw, 16, 5)
    right = s.argmax(dim=1)
    one = right.clone()
    one[3] = (one[3] + 1) % 5
    asked = [(s, y, 50), (s, one, 4), (s, right, 4)]
    outcomes = [student.worst(*each) for each in asked]
    for outcome, each in zip(outcomes, asked, strict=True):
        outcome.returns(worst(*each), what="the tensor of row numbers")


@guard("worst", penalty=0.25)
def test_leaves_its_arguments_alone(student, draw):
    """leaves scores and labels as they were"""
    student.worst(*drawn(draw, 8, 3), 2).leaves_alone(0, 1)
