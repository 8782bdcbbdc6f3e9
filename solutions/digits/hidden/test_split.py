"""Hidden checks of `split`."""

import torch

from grader.checks import EXACT, check, guard
from solutions.digits.from_scratch import split
from solutions.digits.oracle import labels


def drawn(draw, n, d):
    """Rows, labels and an order that is neither the given one nor its own inverse."""
    left = list(range(n))
    order = [left.pop(draw.integer(0, len(left) - 1)) for _ in range(n)]
    if n > 3:
        order = [each for each in order if each > 2]
        order[1:1] = [2, 0, 1]  # rows go round: sorted, and taken for places, they would be others
    return draw.tensor(n, d), labels(draw, n, 10), torch.tensor(order)


SIZES = [(12, 3, 6, 3), (12, 3, 6, 3), (9, 1, 2, 4), (7, 2, 5, 1), (20, 4, 10, 5)]


@check("split", points=2)
def test_rows(student, draw):
    """gives the rows of each set as the order names them, with their labels"""
    asked = [(*drawn(draw, n, d), train, validation) for n, d, train, validation in SIZES]
    outcomes = [student.split(*each) for each in asked]
    for outcome, each in zip(outcomes, asked, strict=True):
        outcome.returns(split(*each), EXACT, "the split")


@check("split", points=1)
def test_no_row_is_in_two_sets(student, draw):
    """puts every row into exactly one set"""
    for n, d, train, validation in SIZES[1:3]:
        x, y, order = drawn(draw, n, d)
        x = torch.arange(n, dtype=torch.float32)[:, None] + torch.zeros(n, d)
        outcome = student.split(x, y, order, train, validation)
        value = outcome.value
        rows = [tuple(each[0].shape) for each in value] if _is_split(value) else []
        outcome.equals(
            "the shapes of the three sets' rows", rows, [(len(part), d) for part in _parts(order, train, validation)]
        )
        found = sorted(int(number) for each in value for number in each[0][:, 0])
        outcome.equals("the rows of all sets together", found, list(range(n)))


def _parts(order, train, validation):
    return order[:train], order[train : train + validation], order[train + validation :]


def _is_split(value):
    pairs = type(value) in (list, tuple) and all(type(each) in (list, tuple) and len(each) == 2 for each in value)
    return pairs and all(isinstance(part, torch.Tensor) and part.ndim for each in value for part in each)


@guard("split", penalty=0.25)
def test_leaves_the_data_alone(student, draw):
    """leaves rows, labels and order as they were"""
    student.split(*drawn(draw, 8, 2), 4, 2).leaves_alone(0, 1, 2)
