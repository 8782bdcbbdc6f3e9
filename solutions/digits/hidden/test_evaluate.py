"""Hidden checks of `evaluate`."""

import torch

from grader.checks import Build, check, guard, real
from solutions.digits.hidden.parts import linear, loader
from solutions.digits.oracle import apart, labels
from solutions.digits.with_torch import evaluate


def drawn(draw, n, k):
    """Scores that a model of one layer gives as they are, and labels of which some are right and some wrong."""
    x, y = apart(draw, n, k), labels(draw, n, k)
    right = draw.integer(1, max(1, n - 2))
    y[:right] = x[:right].argmax(dim=1)
    if n > 1:
        y[-1] = x[-1].argmin()
    state = {"weight": torch.eye(k) + draw.tensor(k, k, low=0, high=0.01), "bias": draw.tensor(k, low=0, high=0.01)}
    return Build("torch.nn.Linear", (k, k), state=state), x, y


@check("evaluate", points=3)
def test_values(student, draw):
    """gives the mean loss and the accuracy over all rows, also where the last batch is smaller"""
    asked = []
    for n, k, size in [(7, 4, 3), (7, 4, 3), (5, 3, 5), (9, 2, 4), (53, 3, 1), (1, 3, 2)]:
        model, x, y = drawn(draw, n, k)
        asked.append((model, loader(x, y, size)))
    model, x, y = drawn(draw, 11, 3)
    asked.append((model, loader(x, y, 4, drop_last=True)))  # a loader needn't give all rows of its dataset
    # Every label is right by the scores, and none by the inputs themselves.
    x, turned = apart(draw, 6, 4), torch.eye(4).roll(1, 0)
    turning = Build("torch.nn.Linear", (4, 4), state={"weight": turned, "bias": torch.zeros(4)})
    asked.append((turning, loader(x, (x @ turned.T).argmax(dim=1), 4)))
    deep = Build("torch.nn.Sequential", (linear(draw, 3, 4), Build("torch.nn.Tanh"), linear(draw, 4, 3)))
    asked.append((deep, loader(draw.tensor(8, 3), labels(draw, 8, 3), 3)))
    outcomes = [student.evaluate(*each) for each in asked]
    for outcome, each in zip(outcomes, asked, strict=True):
        outcome.returns(evaluate(*real(*each)), what="the result")


@guard("evaluate", penalty=0.5)
def test_leaves_the_model_alone(student, draw):
    """leaves the model as it was, and no gradients in it"""
    model, x, y = drawn(draw, 6, 3)
    outcome = student.evaluate(model, loader(x, y, 4))
    outcome.trained(0, model.state)
    outcome.resets_gradient(0, "the model")
