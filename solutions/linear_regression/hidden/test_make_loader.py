"""Hidden checks of `make_loader`."""

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
            outcome.fail(f"Batch {number} should hold float32 numbers, as it was given them, but holds {x.dtype}.")
        pairs.append(torch.cat([x, y], dim=1))
    return torch.cat(pairs) if pairs else torch.empty(0)


def expect_sizes(outcome, batches, wanted):
    outcome.equals("the list of the batches' sizes", [len(batch[0]) for batch in batches], wanted)


def expect_loader(outcome):
    kind = outcome.value
    if not isinstance(kind, Opaque) or LOADER not in kind.text.split():
        outcome.fail("What it returned should be a DataLoader.")


def expect_new_orders(outcome, passes, together):
    """Each pass holds every row, with its own target, in an order of its own."""
    known = sorted(map(tuple, together.tolist()))
    orders = [together.tolist()]
    for number, rows in enumerate(passes):
        if sorted(map(tuple, rows.tolist())) != known:
            mixed = sorted(rows[:, 0].tolist()) == sorted(together[:, 0].tolist())
            reason = "inputs and targets no longer belong together" if mixed else "rows are missing or doubled"
            outcome.fail(f"In epoch {number + 1}, {reason}.")
        if rows.tolist() in orders:
            outcome.fail(f"In epoch {number + 1} the rows come in an order that was there before: it should be new.")
        orders.append(rows.tolist())


@check("make_loader", points=1)
def test_batches_in_the_given_order(student, draw):
    """gives every row once, in batches of the size asked for, in the given order when shuffle is off"""
    loaders = []
    for n, d, t, size, sizes in [(12, 3, 2, 5, [5, 5, 2]), (3, 1, 1, 4, [3]), (8, 2, 3, 4, [4, 4]), (1, 3, 2, 1, [1])]:
        inputs, targets = draw.tensor(n, d), draw.tensor(n, t)
        outcome = student.make_loader(inputs, targets, size, False, then=Iterate(2))
        loaders.append((outcome, inputs, targets, sizes))
    for outcome, inputs, targets, sizes in loaders:
        for batches in outcome.items:
            rows = rows_of(outcome, batches, inputs.shape[1], targets.shape[1])
            expect_sizes(outcome, batches, sizes)
            if not torch.equal(rows, torch.cat([inputs, targets], dim=1)):
                outcome.fail("With shuffle=False the rows should come in the given order, each with its own target.")
        expect_loader(outcome)


@check("make_loader", points=1)
def test_a_new_order_each_epoch(student, draw):
    """gives the rows in a new order each epoch when shuffle is on, inputs and targets together"""
    inputs, targets = draw.tensor(26, 2), draw.tensor(26, 1)
    outcome = student.make_loader(inputs, targets, 8, True, then=Iterate(3))
    for batches in outcome.items:
        rows_of(outcome, batches, 2, 1)
        expect_sizes(outcome, batches, [8, 8, 8, 2])
    expect_new_orders(outcome, [rows_of(outcome, b, 2, 1) for b in outcome.items], torch.cat([inputs, targets], dim=1))
    expect_loader(outcome)


@check("make_loader", points=1)
def test_defaults(student, draw):
    """makes shuffled batches of five rows when nothing else is asked for"""
    inputs, targets = draw.tensor(28, 3), draw.tensor(28, 2)
    outcome = student.make_loader(inputs, targets, then=Iterate(2))
    for batches in outcome.items:
        rows_of(outcome, batches, 3, 2)
        expect_sizes(outcome, batches, [5, 5, 5, 5, 5, 3])
    expect_new_orders(outcome, [rows_of(outcome, b, 3, 2) for b in outcome.items], torch.cat([inputs, targets], dim=1))
    expect_loader(outcome)
