"""Hidden checks of `fit`.

The whole of a training run is in the parameters that it leaves: they are compared after few epochs, for several models,
losses, optimizers, batch sizes and learning rates, and once after many.
"""

import re

import torch

from grader.checks import Build, Lookup, Parameters, Tolerance, check, real
from solutions.linear_regression import oracle
from solutions.linear_regression.with_torch import fit

MSE = "torch.nn.functional.mse_loss"
MANY = 53  # epochs
PROGRESS = re.compile(r"Epoch \[(\d+)/(\d+)\], Loss: (\S+)\s*$")


def linear(draw, d, t):
    return Build("torch.nn.Linear", (d, t), state={"weight": draw.tensor(t, d), "bias": draw.tensor(t)})


def loader(inputs, targets, batch_size):
    data = Build("torch.utils.data.TensorDataset", (inputs, targets))
    return Build("torch.utils.data.DataLoader", (data, batch_size))


def sgd(model, lr, **more):
    return Build("torch.optim.SGD", (Parameters(model),), {"lr": lr, **more})


class Run:
    """A training run of the learner's fit, with its recipes."""

    def __init__(self, student, epochs, *recipes):
        self.outcome = student.fit(epochs, *recipes)
        self.epochs, self.recipes = epochs, recipes

    def compare_with_the_reference(self, tolerance):
        """The parameters are those of the reference, after the same number of epochs. Fewer than ten: it prints."""
        model, *others = real(*self.recipes)
        fit(self.epochs, model, *others)
        self.outcome.trained(1, dict(model.named_parameters()), tolerance)


class PlainRun(Run):
    """A run of a linear model with the mean squared error and plain steps: what comes of it is cheaper by hand."""

    def __init__(self, student, epochs, model, inputs, targets, lr, size):
        super().__init__(student, epochs, model, Lookup(MSE), sgd(model, lr), loader(inputs, targets, size))
        self.start = oracle.stack(model.state["weight"], model.state["bias"])
        self.data = (inputs, targets, lr, epochs, size)

    def compare(self, steps, relative=None):
        """The parameters are those that the batches lead to."""
        theta = oracle.descend_in_batches(self.start, *self.data)
        tolerance = Tolerance(steps, max(abs(self.start).max(), abs(theta).max()), relative)
        weight, bias = (torch.tensor(part, dtype=torch.float32) for part in oracle.unstack(theta))
        self.outcome.trained(1, {"weight": weight, "bias": bias}, tolerance)


@check("fit", points=3)
def test_parameters_after_training(student, draw):
    """leaves the model with the parameters that its batches, loss and optimizer lead to"""
    inputs, targets = draw.tensor(7, 3, low=40, high=140), draw.tensor(7, 2, low=20, high=140)
    plain = [PlainRun(student, 2, linear(draw, 3, 2), inputs, targets, 1e-5, 3)]
    # Steps that are too large: from epoch to epoch the loss rises.
    inputs, targets = torch.tensor([[1.0], [-1.0]]) * draw.number(2.2, 2.5), draw.tensor(2, 1)
    plain.append(PlainRun(student, 5, linear(draw, 1, 1), inputs, targets, 0.25, 5))

    inputs, targets = draw.tensor(6, 2), draw.tensor(6, 1)
    second, l1 = linear(draw, 2, 1), Lookup("torch.nn.functional.smooth_l1_loss")
    momentum = Run(student, 3, second, l1, sgd(second, 0.1, momentum=0.9), loader(inputs, targets, 2))

    hidden = linear(draw, 2, 3)
    deep = Build("torch.nn.Sequential", (hidden, Build("torch.nn.Tanh"), linear(draw, 3, 1)))
    layers = Run(student, 2, deep, Build("torch.nn.HuberLoss"), sgd(deep, 0.5), loader(inputs, targets, 4))
    for run in plain:
        run.compare(steps=6)
    momentum.compare_with_the_reference(Tolerance(9, scale=1.0))
    layers.compare_with_the_reference(Tolerance(4, scale=1.0))


@check("fit", points=1)
def test_converges(student, draw):
    """brings the model as far as gradient descent can, in the epochs that it is given"""
    inputs, targets, w, b = oracle.settled(draw)
    model = Build("torch.nn.Linear", (1, 1), state={"weight": w, "bias": b})
    PlainRun(student, MANY, model, inputs, targets, oracle.SETTLED_LR, 4).compare(MANY, relative=1e-3)


@check("fit", points=1)
def test_prints_progress(student, draw):
    """prints the last batch's loss after every tenth epoch, and only then"""
    runs = []
    for epochs, rows in ((draw.integer(20, 21), 4), (draw.integer(1, 3), 3)):
        # The model begins near the last row, and is drawn away to the others: the loss of the last batch rises from
        # epoch to epoch, and from batch to batch it differs, by more than `near` allows.
        inputs, targets = draw.tensor(rows, 2, low=0.5, high=2), draw.tensor(rows, 1, low=40, high=140)
        model = linear(draw, 2, 1)
        targets[-1] = inputs[-1] @ model.state["weight"].t() + model.state["bias"] + draw.number(0.5, 1)
        runs.append(PlainRun(student, epochs, model, inputs, targets, 0.002, 3))
    for run in runs:
        run.compare(2 * run.epochs)  # what is printed earns nothing on its own
        _, losses = oracle.last_losses(run.start, *run.data)
        progress = [(at, run.epochs, losses[at - 1]) for at in range(10, run.epochs + 1, 10)]
        expect_progress(run.outcome, progress)


def expect_progress(outcome, wanted):
    lines = outcome.lines("Epoch [")
    expected = [f"Epoch [{epoch}/{epochs}], Loss: {loss:.4f}" for epoch, epochs, loss in wanted]
    # All that was printed is only looked at where no line will do: whatever else is printed is nobody's matter.
    printed = "\n".join((lines if lines or not expected else outcome.printed.splitlines())[:4])
    facts = (("printed", printed or "nothing"), ("expected", "\n".join(expected) or "nothing"))
    if not lines and printed and expected:
        outcome.fail("The printed lines have another form than the exercise's: none starts with `Epoch [`.", *facts)
    if len(lines) != len(expected):
        outcome.fail(f"fit should print {len(expected)} lines that start with `Epoch [`, not {len(lines)}.", *facts)
    for line, (epoch, epochs, loss) in zip(lines, wanted, strict=True):
        found = PROGRESS.match(line)
        if not found:
            outcome.fail("A line of progress has another form than the exercise's.", *facts)
        if found.groups()[:2] != (str(epoch), str(epochs)):
            outcome.fail("A line of progress shows the wrong epoch.", *facts)
        if not near(found[3], loss):
            outcome.fail("A line of progress shows another loss than that of the epoch's last batch.", *facts)


def near(text, wanted):
    """A printed loss is as good as its digits: a relative 1e-3, or one in the fourth decimal."""
    try:
        return abs(float(text) - wanted) <= 1e-3 * abs(wanted) + 1.01e-4
    except ValueError:
        return False
