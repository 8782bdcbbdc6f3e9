"""Hidden checks of `SoftmaxRegression`."""

import torch

from grader.checks import Backward, check, load_state, state_of
from solutions.digits.with_torch import SoftmaxRegression


def filled(student, draw, features, classes):
    """The learner's model and ours with the same parameters."""
    state = {"linear.weight": draw.tensor(classes, features), "linear.bias": draw.tensor(classes)}
    theirs, ours = student.new.SoftmaxRegression(features, classes), SoftmaxRegression(features, classes)
    load_state(theirs, state)
    ours.load_state_dict(state)
    return theirs, ours


@check("regression", points=1)
def test_begins_at_zero(student):
    """has one linear layer, whose weights and biases begin at zero"""
    for features, classes in [(64, 10), (6, 3)]:
        state = state_of(student.new.SoftmaxRegression(features, classes))
        state.holds(0, {"linear.weight": (classes, features), "linear.bias": (classes,)})
        zeros = {"linear.weight": torch.zeros(classes, features), "linear.bias": torch.zeros(classes)}
        state.trained(0, zeros)
        for name in zeros:
            state.equals(f"whether {name} can be trained", state.after(0)[name].requires_grad, True)


@check("regression", points=2)
def test_scores(student, draw):
    """gives the scores of rows and of images"""
    asked = []
    for shape, features, classes in [
        ((5, 6), 6, 4),
        ((5, 6), 6, 4),
        ((3, 2, 3), 6, 2),
        ((1, 8, 8), 64, 10),
        ((4, 4), 4, 4),
    ]:
        theirs, ours = filled(student, draw, features, classes)
        x = draw.tensor(*shape)
        asked.append((theirs(x), ours(x).detach()))
    asked.append((theirs(2 * x), ours(2 * x).detach()))  # the same object again, with another batch of that shape
    theirs, ours = student.new.SoftmaxRegression(3, 2), SoftmaxRegression(3, 2)
    small = {"linear.weight": draw.tensor(2, 3) * 0.002, "linear.bias": draw.tensor(2) * 0.002}
    load_state(theirs, small)
    ours.load_state_dict(small)
    x = draw.tensor(2, 3)
    asked.append((theirs(x), ours(x).detach()))
    for outcome, expected in asked:
        outcome.returns(expected, what="the table of scores")


@check("regression", points=1)
def test_gradients(student, draw):
    """can be trained: gradients reach its weights and biases"""
    theirs, ours = filled(student, draw, 4, 3)
    x, upstream = draw.tensor(5, 2, 2), draw.tensor(5, 3)
    outcome = theirs(x, then=Backward(upstream))
    ours(x).backward(upstream)
    outcome.gradients(0, {name: each.grad for name, each in ours.named_parameters()})
