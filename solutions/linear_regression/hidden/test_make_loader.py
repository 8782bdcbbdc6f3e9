"""Hidden checks of `make_loader`.

That an order is new doesn't make it a shuffled one: rows may be turned round, reversed, or moved in whole batches. What
is asked of the orders here, a shuffled one fails about once in 100 million times.
"""

from collections import Counter
from itertools import pairwise

import numpy as np
import torch

from grader.checks import Iterate, Opaque, check

LOADER = "torch.utils.data.dataloader.DataLoader"


def rows_of(outcome, batches, d, t):
    """The batches of one pass as one tensor (n, d + t), after checking that each is a pair of equal length."""
    pairs = []
    for number, batch in enumerate(batches):
        if type(batch) not in (list, tuple) or len(batch) != 2 or not all(type(b) is torch.Tensor for b in batch):
            outcome.fail(f"Batch {number} should be a pair of tensors: inputs and targets.")
        x, y = batch
        if x.dim() != 2 or y.dim() != 2 or len(x) != len(y) or (x.shape[1], y.shape[1]) != (d, t):
            outcome.fail(f"Batch {number} has inputs of shape {tuple(x.shape)} and targets of shape {tuple(y.shape)}.")
        if not x.dtype == y.dtype == torch.float32:
            outcome.fail(f"Batch {number} should hold float32 numbers, like the given tensors, but holds {x.dtype}.")
        pairs.append(torch.cat([x, y], dim=1))
    return torch.cat(pairs) if pairs else torch.empty(0)


def expect_sizes(outcome, batches, wanted):
    outcome.equals("the list of the batches' sizes", [len(batch[0]) for batch in batches], wanted)


def expect_loader(outcome):
    kind = outcome.value
    if not isinstance(kind, Opaque) or LOADER not in kind.text.split():
        outcome.fail("The result should be a DataLoader.")


def expect_new_orders(outcome, passes, together):
    """Each pass holds every row, with its own target, in a random order of its own."""
    places = {row: place for place, row in enumerate(map(tuple, together.tolist()))}
    known = sorted(places)
    orders = [list(range(len(together)))]
    for number, rows in enumerate(passes, start=1):
        found = list(map(tuple, rows.tolist()))
        if sorted(found) != known:
            mixed = sorted(rows[:, 0].tolist()) == sorted(together[:, 0].tolist())
            reason = "inputs and targets no longer belong together" if mixed else "rows are missing or doubled"
            outcome.fail(f"In epoch {number}, {reason}.")
        order = [places[row] for row in found]
        if order in orders:
            outcome.fail(
                f"In epoch {number} the rows come in the order of an earlier epoch. Each epoch needs a new order."
            )
        orders.append(order)
    if regular := regularity(np.array(orders)):
        outcome.fail(f"With shuffle=True the order is new in each epoch, but it isn't random: {regular}.")


def regularity(orders):
    """What is not random in orders (k, n) of n rows, of which the first was given; None in what was shuffled."""
    places = np.argsort(orders, axis=1)  # of each row
    given, *drawn = orders
    # Of each row of an order, where it was in the one before; and of each row, which one takes its place.
    moved = np.array([before[after] for before, after in zip(places, drawn, strict=False)])
    replaced = np.array([after[before] for before, after in zip(places, drawn, strict=False)])
    if any((one == other).all() for kind in (moved, replaced) for one, other in pairwise(kind)):
        return "each epoch changes the order of the one before in the same way"
    for since in (np.array(drawn), moved):  # where the rows were given, and where they were in the epoch before
        k, n = since.shape
        # Between two neighbours, one distance is as likely as another (Poisson, with a mean of 1).
        if max(Counter(steps).most_common(1)[0][1] for steps in (np.diff(since) % n).tolist()) > 12:
            return "many rows come as far behind one another as before"
        if (since == given).sum() > k + 16:
            return "many rows keep their places"
        # Both are nearly normal, with these deviations.
        rank = 1 - 6 * ((since - given) ** 2).sum(axis=1) / (n * (n**2 - 1))
        if abs(rank.sum()) > 6 * (k / (n - 1)) ** 0.5:
            return "where a row comes depends on where it came before"
        if abs((np.diff(since) > 0).sum() - k * (n - 1) / 2) > 6 * (k * (n + 1) / 12) ** 0.5:
            return "long stretches of rows come as they came before"
    return None


@check("make_loader", points=1)
def test_batches_in_the_given_order(student, draw):
    """gives every row once, in batches of the size asked for, in the given order when shuffle is off"""
    loaders = []
    twice = (3, 1, 2, 1, [1, 1, 1])  # what was kept of the first must not show
    for n, d, t, size, sizes in [(12, 3, 2, 5, [5, 5, 2]), twice, twice, (4, 1, 1, 5, [4]), (8, 2, 3, 4, [4, 4])]:
        inputs, targets = draw.tensor(n, d), draw.tensor(n, t)
        outcome = student.make_loader(inputs, targets, size, False, then=Iterate(2))
        loaders.append((outcome, inputs, targets, sizes))
    for outcome, inputs, targets, sizes in loaders:
        expect_loader(outcome)
        for batches in outcome.items:
            rows = rows_of(outcome, batches, inputs.shape[1], targets.shape[1])
            expect_sizes(outcome, batches, sizes)
            if not torch.equal(rows, torch.cat([inputs, targets], dim=1)):
                outcome.fail("With shuffle=False the rows should come in the given order, each with its own target.")


@check("make_loader", points=1)
def test_a_new_order_each_epoch(student, draw):
    """gives the rows in a new order each epoch when shuffle is on, inputs and targets together"""
    inputs, targets = draw.tensor(50, 2), draw.tensor(50, 1)
    outcome = student.make_loader(inputs, targets, 8, True, then=Iterate(4))
    expect_loader(outcome)
    for batches in outcome.items:
        rows_of(outcome, batches, 2, 1)
        expect_sizes(outcome, batches, [8, 8, 8, 8, 8, 8, 2])
    expect_new_orders(outcome, [rows_of(outcome, b, 2, 1) for b in outcome.items], torch.cat([inputs, targets], dim=1))


@check("make_loader", points=1)
def test_defaults(student, draw):
    """makes shuffled batches of five rows when nothing else is asked for"""
    inputs, targets = draw.tensor(28, 3), draw.tensor(28, 2)
    outcome = student.make_loader(inputs, targets, then=Iterate(2))
    expect_loader(outcome)
    for batches in outcome.items:
        rows_of(outcome, batches, 3, 2)
        expect_sizes(outcome, batches, [5, 5, 5, 5, 5, 3])
    expect_new_orders(outcome, [rows_of(outcome, b, 3, 2) for b in outcome.items], torch.cat([inputs, targets], dim=1))
