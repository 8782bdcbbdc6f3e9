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
PROGRESS = re.compile(r"Epoch \[(\d+)/(\d+)\], Loss: (\S+)\s*$")


def linear(draw, d, t):
    return Build("torch.nn.Linear", (d, t), state={"weight": draw.tensor(t, d), "bias": draw.tensor(t)})


def loader(inputs, targets, batch_size):
    data = Build("torch.utils.data.TensorDataset", (inputs, targets))
    return Build("torch.utils.data.DataLoader", (data, batch_size))


def sgd(model, lr, **more):
    return Build("torch.optim.SGD", (Parameters(model),), {"lr": lr, **more})


class Run:
    """A training run of the learner's fit and, from the same recipes, of the reference. Of fewer than ten epochs: the
    reference prints."""

    def __init__(self, student, epochs, *recipes):
        self.outcome = student.fit(epochs, *recipes)
        self.model, *others = real(*recipes)
        fit(epochs, self.model, *others)

    def compare(self, tolerance):
        """The parameters agree."""
        self.outcome.trained(1, dict(self.model.named_parameters()), tolerance)


@check("fit", points=3)
def test_parameters_after_training(student, draw):
    """leaves the model with the parameters that its batches, loss and optimizer lead to"""
    inputs, targets = draw.tensor(7, 3, low=40, high=140), draw.tensor(7, 2, low=20, high=140)
    first = linear(draw, 3, 2)
    lesson = Run(student, 2, first, Lookup(MSE), sgd(first, 1e-5), loader(inputs, targets, 5))

    inputs, targets = draw.tensor(6, 2), draw.tensor(6, 1)
    second, l1 = linear(draw, 2, 1), Lookup("torch.nn.functional.smooth_l1_loss")
    momentum = Run(student, 3, second, l1, sgd(second, 0.1, momentum=0.9), loader(inputs, targets, 3))

    hidden = linear(draw, 2, 3)
    deep = Build("torch.nn.Sequential", (hidden, Build("torch.nn.Tanh"), linear(draw, 3, 1)))
    layers = Run(student, 2, deep, Build("torch.nn.HuberLoss"), sgd(deep, 0.5), loader(inputs, targets, 4))

    one = linear(draw, 1, 1)
    inputs, targets = draw.tensor(1, 1), draw.tensor(1, 1)
    single = Run(student, 1, one, Lookup(MSE), sgd(one, 0.2), loader(inputs, targets, 5))
    for run, steps in [(lesson, 4), (momentum, 6), (layers, 4), (single, 1)]:
        run.compare(Tolerance(steps))


@check("fit", points=1)
def test_converges(student, draw):
    """brings the loss down as far as gradient descent on these batches can, in the epochs that it is given"""
    inputs, targets = draw.tensor(15, 3, low=-1, high=1), draw.tensor(15, 2, low=-1, high=1)
    model, lr, epochs = linear(draw, 3, 2), 0.5, 5
    data = loader(inputs, targets, 5)
    run = Run(student, epochs, model, Lookup(MSE), sgd(model, lr), data)
    run.compare(Tolerance(3 * epochs))
    after = run.outcome.after(1)
    reached = oracle.loss(oracle.stack(after["weight"].detach(), after["bias"].detach()), inputs, targets)
    start = oracle.stack(model.state["weight"], model.state["bias"])
    foretold = oracle.loss(oracle.descend_in_batches(start, inputs, targets, lr, epochs, 5), inputs, targets)
    if not abs(reached - foretold) <= 1e-4 * foretold:
        facts = (("loss", f"{reached:.6g}"), ("expected", f"{foretold:.6g}"))
        run.outcome.fail(f"After {epochs} epochs the loss is not what it should be.", *facts)


@check("fit", points=1)
def test_prints_progress(student, draw):
    """prints the last batch's loss after every tenth epoch, and only then"""
    runs = []
    for epochs, rows in ((draw.integer(20, 21), 4), (draw.integer(1, 3), 3)):
        # Large targets and a small step: the loss is still falling, from batch to batch, by more than `near` allows.
        inputs, targets = draw.tensor(rows, 2), draw.tensor(rows, 1, low=40, high=140)
        model = linear(draw, 2, 1)
        outcome = student.fit(epochs, model, Lookup(MSE), sgd(model, 0.01), loader(inputs, targets, 3))
        # So many steps are cheaper by hand than by the reference, which the other checks compare with.
        start = oracle.stack(model.state["weight"], model.state["bias"])
        runs.append((outcome, epochs, *oracle.last_losses(start, inputs, targets, 0.01, epochs, 3)))
    for outcome, epochs, theta, losses in runs:
        weight, bias = oracle.unstack(theta)
        right = {"weight": torch.tensor(weight, dtype=torch.float32), "bias": torch.tensor(bias, dtype=torch.float32)}
        outcome.trained(1, right, Tolerance(2 * epochs))  # what is printed earns nothing on its own
        expect_progress(outcome, [(at, epochs, losses[at - 1]) for at in range(10, epochs + 1, 10)])


def expect_progress(outcome, wanted):
    lines = outcome.lines("Epoch [")
    expected = [f"Epoch [{epoch}/{epochs}], Loss: {loss:.4f}" for epoch, epochs, loss in wanted]
    facts = (("printed", "\n".join(lines[:4]) or "nothing"), ("expected", "\n".join(expected) or "nothing"))
    if len(lines) != len(expected):
        outcome.fail(f"It should print {len(expected)} lines that start with `Epoch [`, not {len(lines)}.", *facts)
    for line, (epoch, epochs, loss) in zip(lines, wanted, strict=True):
        found = PROGRESS.match(line)
        if not found or found.groups()[:2] != (str(epoch), str(epochs)) or not near(found[3], loss):
            outcome.fail("A line of the progress is not as it should be.", *facts)


def near(text, wanted):
    """A printed loss is as good as its digits: a relative 1e-3, or one in the fourth decimal."""
    try:
        return abs(float(text) - wanted) <= 1e-3 * abs(wanted) + 1.01e-4
    except ValueError:
        return False
