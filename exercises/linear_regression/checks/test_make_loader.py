"""The visible checks of `make_loader`."""

import torch

from grader.checks import Iterate, Opaque, check

DATA_LOADER = "torch.utils.data.dataloader.DataLoader"


def numbered(n, d, t):
    """Rows that know their number: row 7 holds -7.0, -7.1, -7.2, … and its target 70.0, 70.1, …"""
    rows = torch.arange(n, dtype=torch.float32)[:, None]
    return -rows - torch.arange(d) / 10, 10 * rows + torch.arange(t) / 10


def numbers_of(outcome, batches, inputs, targets, sizes):
    """The numbers of the rows in the order in which they came, each with all that belongs to it."""
    kind = outcome.value
    if not isinstance(kind, Opaque) or DATA_LOADER not in kind.text.split():
        outcome.fail("The result should be a DataLoader.")
    came = []
    for place, batch in enumerate(batches):
        if type(batch) not in (list, tuple) or [type(part) for part in batch] != [torch.Tensor, torch.Tensor]:
            outcome.fail(f"Batch {place} should be a pair of tensors, inputs and targets. A TensorDataset makes pairs.")
        x, y = batch
        if (x.dtype, y.dtype) != (inputs.dtype, targets.dtype):
            outcome.fail(
                f"Batch {place} should hold float32 numbers like the given tensors, not {x.dtype} and {y.dtype}."
            )
        if x.shape[1:] != inputs.shape[1:] or y.shape[1:] != targets.shape[1:] or len(x) != len(y):
            found = (("inputs", f"shape {tuple(x.shape)}"), ("targets", f"shape {tuple(y.shape)}"))
            outcome.fail(f"Batch {place} doesn't have the shapes it should have: inputs first, targets second.", *found)
        for row, target in zip(x, y, strict=True):
            number = int(-row[0])
            if number not in range(len(inputs)) or not torch.equal(row, inputs[number]):
                outcome.fail(f"In batch {place} a row of the inputs is not as it was given.")
            if not torch.equal(target, targets[number]):
                outcome.fail(f"In batch {place} a row of the inputs has another row's target: keep them together.")
            came.append(number)
    outcome.equals("the list of the batches' sizes", [len(batch[0]) for batch in batches], sizes)
    if sorted(came) != list(range(len(inputs))):
        outcome.fail("Each row should come once in an epoch, but some came twice or not at all.")
    return came


@check("make_loader", points=1)
def test_given_order(student):
    """gives the rows in the given order when shuffle is False, and keeps the smaller last batch"""
    for n, size, sizes in [(15, 5, [5, 5, 5]), (12, 5, [5, 5, 2]), (3, 4, [3]), (4, 1, [1, 1, 1, 1])]:
        inputs, targets = numbered(n, 3, 2)
        outcome = student.make_loader(inputs, targets, size, False, then=Iterate(2))
        for batches in outcome.items:
            if numbers_of(outcome, batches, inputs, targets, sizes) != list(range(n)):
                outcome.fail("With shuffle=False the rows should come in the given order.")


@check("make_loader", points=1)
def test_new_order(student):
    """gives the rows in a new order each epoch when shuffle is True"""
    expect_new_orders(student, 20, 1, [8, 8, 4], 8, True)


@check("make_loader", points=1)
def test_without_further_arguments(student):
    """makes shuffled batches of five when nothing else is said"""
    expect_new_orders(student, 17, 2, [5, 5, 5, 2])


def expect_new_orders(student, n, t, sizes, *further):
    inputs, targets = numbered(n, 3, t)
    outcome = student.make_loader(inputs, targets, *further, then=Iterate(2))
    first, second = (numbers_of(outcome, batches, inputs, targets, sizes) for batches in outcome.items)
    if first == list(range(n)):
        outcome.fail("The rows come in the given order: they should be shuffled.")
    if first == second:
        outcome.fail("The rows come in the same order in each epoch. Each epoch needs a new order.")
