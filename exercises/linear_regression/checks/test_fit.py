"""The visible checks of `fit`."""

import re

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

from grader.checks import Tolerance, check
from grader.selfcheck.optimizer import SGD

# The larger set of the lesson: inputs, then targets.
ROWS = [
    [73, 67, 43, 56, 70], [91, 88, 64, 81, 101], [87, 134, 58, 119, 133], [102, 43, 37, 22, 37], [69, 96, 70, 103, 119],
    [74, 66, 43, 57, 69], [91, 87, 65, 80, 102], [88, 134, 59, 118, 132], [101, 44, 37, 21, 38], [68, 96, 71, 104, 118],
    [73, 66, 44, 57, 69], [92, 87, 64, 82, 100], [87, 135, 57, 118, 134], [103, 43, 36, 20, 38], [68, 97, 70, 102, 120],
]  # fmt: skip
WEIGHTS = [[0.2493, 0.5977, 1.0519], [0.5243, 1.6664, 0.2768]]
BIASES = [0.2634, -1.4872]
SMALL = [[1, -1, 0.5], [0, 2, 1], [-1, 0.5, -2], [2, 1, 0], [0.5, 0, -1]]
PROGRESS = re.compile(r"Epoch \[(\d+)/(\d+)\], Loss: (\S+)\s*$")


class Training:
    """One training run: `d` of each row's numbers are inputs, the others targets."""

    def __init__(self, rows, d, weights, biases, batch_size, lr, loss_fn=F.mse_loss):
        numbers = np.array(rows, dtype=float)
        self.inputs, self.targets = numbers[:, :d], numbers[:, d:]
        self.batch_size, self.lr, self.loss_fn = batch_size, lr, loss_fn
        self.start = np.c_[np.array(biases, dtype=float), np.array(weights, dtype=float)].T

    def parts(self):
        """What `fit` is given: a model, a loss, an optimizer and a loader."""
        biases, *weights = torch.tensor(self.start, dtype=torch.float32)
        net = torch.nn.Linear(len(weights), len(biases))
        with torch.no_grad():
            net.weight.copy_(torch.stack(weights, dim=1))
            net.bias.copy_(biases)
        tensors = (torch.tensor(each, dtype=torch.float32) for each in (self.inputs, self.targets))
        return net, self.loss_fn, SGD(net.parameters(), self.lr), DataLoader(TensorDataset(*tensors), self.batch_size)

    def run(self, epochs):
        """The parameters at the end, by name, and the loss of each epoch's last batch.

        In float64 with the derivatives worked out by hand.
        """
        both, losses = self.start, []
        for _ in range(epochs):
            for first in range(0, len(self.inputs), self.batch_size):
                part = slice(first, first + self.batch_size)
                ones = np.c_[np.ones(len(self.inputs[part])), self.inputs[part]]
                far = ones @ both - self.targets[part]
                share = far.size if self.loss_fn is F.mse_loss else 1
                both = both - self.lr * 2 / share * ones.T @ far
            losses.append(float((far**2).sum() / share))
        return {name: torch.tensor(part, dtype=torch.float32) for name, part in named(both)}, losses

    def expect(self, outcome, opt, epochs):
        """The model has the right parameters, and no step was taken without gradients."""
        right, _ = self.run(epochs)
        steps = epochs * -(-len(self.inputs) // self.batch_size)
        if "step without gradients" in opt.events:
            outcome.fail(
                "A step found no gradients. They come from backward() on a loss that was computed with the model's "
                "parameters, and last until they are reset."
            )
        outcome.trained(1, right, Tolerance(steps))


def named(both):
    return (("weight", both[1:].T), ("bias", both[0]))


def squares(found, wanted):
    """Another loss than the lesson's: the sum of the squares."""
    return ((found - wanted) ** 2).sum()


@check("fit", points=2)
def test_the_lessons_numbers(student):
    """leaves the net with the parameters that the batches lead to"""
    for epochs in (3, 1):
        lesson = Training(ROWS, 3, WEIGHTS, BIASES, 5, 1e-5)
        parts = lesson.parts()
        lesson.expect(student.fit(epochs, *parts), parts[2], epochs)


@check("fit", points=1)
def test_other_parts(student):
    """works with other losses, learning rates and batches, the last one smaller"""
    for other in (
        Training(SMALL, 2, [[0.5, -1.0]], [0.25], 2, 0.1),
        Training(SMALL, 1, [[1.0], [0.0]], [0.0, 1.0], 3, 0.05, squares),
    ):
        parts = other.parts()
        other.expect(student.fit(2, *parts), parts[2], 2)


@check("fit", points=2)
def test_what_it_prints(student):
    """prints the loss of the last batch after every tenth epoch, and only then"""
    for epochs in (25, 10):
        lesson = Training(ROWS, 3, WEIGHTS, BIASES, 5, 1e-5)
        parts = lesson.parts()
        outcome = student.fit(epochs, *parts)
        _, losses = lesson.run(epochs)
        wanted = [(epoch, epochs, losses[epoch - 1]) for epoch in range(10, epochs + 1, 10)]
        expect_progress(outcome, wanted)
        lesson.expect(outcome, parts[2], epochs)


def expect_progress(outcome, wanted):
    lines = outcome.lines("Epoch [")
    right = [f"Epoch [{epoch}/{epochs}], Loss: {loss:.4f}" for epoch, epochs, loss in wanted]
    facts = (("expected", "\n".join(right) or "no line"),)  # what was printed is shown beside it
    if right and not lines and outcome.printed.strip():
        outcome.fail("The printed lines have another form than the exercise's: none starts with `Epoch [`.", *facts)
    if right and not lines:
        outcome.fail(f"fit prints nothing, but should print {len(right)} lines.", *facts)
    if len(lines) > len(right):
        outcome.fail(f"fit prints {len(lines)} lines of progress, not {len(right)}: one every tenth epoch.", *facts)
    if len(lines) < len(right):
        outcome.fail(f"fit prints {len(lines)} lines that start with `Epoch [`, but should print {len(right)}.", *facts)
    for line, (epoch, epochs, loss) in zip(lines, wanted, strict=True):
        found = PROGRESS.match(line)
        if not found:
            outcome.fail("A line of progress has another form than the exercise's.", *facts)
        if (int(found[1]), int(found[2])) != (epoch, epochs):
            outcome.fail("A line of progress shows the wrong epoch: epochs are counted from 1.", *facts)
        if not near(found[3], loss):
            outcome.fail("A line of progress shows another loss than that of the epoch's last batch.", *facts)


def near(text, loss):
    try:
        return abs(float(text) - loss) <= 1e-3 * abs(loss) + 1e-4
    except ValueError:
        return False
