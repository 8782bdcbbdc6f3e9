"""Hidden checks of `fit`.

The whole of a training run is in the parameters that it leaves and in its history: both are compared after few epochs,
for several models, optimizers, batch sizes and learning rates, and once after many.
"""

from grader.checks import Build, Tolerance, check, real
from solutions.digits import oracle
from solutions.digits.hidden.parts import linear, loader, sgd
from solutions.digits.with_torch import fit

MANY = 57


class Run:
    """A training run of the learner's fit, with its recipes."""

    def __init__(self, student, model, opt, *rest):
        self.recipes = (model, opt, *rest)
        self.outcome = student.fit(*self.recipes)

    def reference(self):
        """The model that the reference trains, and its history."""
        model, *others = real(*self.recipes)
        return model, fit(model, *others)


def drawn(draw, n, d, k):
    """A loader's worth of rows, and others to validate on, of which no score is near another for long."""
    return (draw.tensor(n, d), oracle.labels(draw, n, k)), (draw.tensor(11, d), oracle.labels(draw, 11, k))


@check("fit", points=2)
def test_parameters_after_training(student, draw):
    """leaves the model with the parameters that its batches and its optimizer lead to"""
    runs = []
    for n, d, k, size, lr, epochs in [
        (7, 5, 4, 3, 0.5, 3),
        (7, 5, 4, 3, 0.5, 3),
        (6, 3, 2, 6, 3.0, 9),
        (4, 2, 3, 1, 0.2, 1),
    ]:
        (x, y), held = drawn(draw, n, d, k)
        model = linear(draw, d, k)
        run = Run(student, model, sgd(model, lr), loader(x, y, size), loader(*held, 4), epochs)
        runs.append((run, (model.state["weight"], model.state["bias"], x, y, lr, epochs, size)))
    (x, y), held = drawn(draw, 6, 2, 3)
    deep = Build("torch.nn.Sequential", (linear(draw, 2, 4), Build("torch.nn.Tanh"), linear(draw, 4, 3)))
    momentum = Run(student, deep, sgd(deep, 0.1, momentum=0.9), loader(x, y, 4), loader(*held, 5), 3)
    for run, data in runs:
        weight, bias, _ = oracle.descend(*data)
        weight, bias = oracle.tensors(weight, bias)
        run.outcome.trained(0, {"weight": weight, "bias": bias}, Tolerance(20, scale=1.0))
    model, _ = momentum.reference()
    momentum.outcome.trained(0, dict(model.named_parameters()), Tolerance(12, scale=1.0))


@check("fit", points=3)
def test_history(student, draw):
    """gives the mean training loss and the accuracy on the validation set of each epoch"""
    runs = []
    # Steps that are too large, too: loss and accuracy rise and fall from epoch to epoch; and none: all stays as it is.
    for n, size, lr, epochs in [(7, 3, 0.5, 4), (7, 3, 0.5, 4), (8, 5, 6.0, 8), (5, 5, 0.3, 1), (6, 3, 0.0, 3)]:
        (x, y), held = drawn(draw, n, 4, 3)
        model = linear(draw, 4, 3)
        runs.append(Run(student, model, sgd(model, lr), loader(x, y, size), loader(*held, 4), epochs))
    x, y, w, b = oracle.rising(draw)
    model = Build("torch.nn.Linear", (1, 2), state={"weight": w, "bias": b})
    held = loader(draw.tensor(5, 1), oracle.labels(draw, 5, 2), 3)
    runs.append(Run(student, model, sgd(model, oracle.RISING_LR), loader(x, y, 4), held, 12))
    for run in runs:
        _, history = run.reference()
        run.outcome.returns(history, Tolerance(relative=2e-4, scale=1.0), "the history")


@check("fit", points=1)
def test_converges(student, draw):
    """trains for as many epochs as it is told to, also where the loss hardly changes"""
    x, y, w, b = oracle.settled(draw)
    model = Build("torch.nn.Linear", (1, 2), state={"weight": w, "bias": b})
    run = Run(student, model, sgd(model, oracle.SETTLED_LR), loader(x, y, 4), loader(x, y, 4), MANY)
    weight, bias, losses = oracle.descend(w, b, x, y, oracle.SETTLED_LR, MANY)
    weight, bias = oracle.tensors(weight, bias)
    run.outcome.trained(0, {"weight": weight, "bias": bias}, Tolerance(relative=1e-2))
    if type(run.outcome.value) is list:
        run.outcome.equals("the number of pairs", len(run.outcome.value), len(losses))
