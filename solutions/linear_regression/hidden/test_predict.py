"""Hidden checks of `predict`."""

import numpy as np

from grader.checks import Build, Tolerance, check, guard, real
from solutions.linear_regression.with_torch import predict


def linear(draw, d=3, t=2, size=1.0):
    return Build("torch.nn.Linear", (d, t), state={"weight": draw.tensor(t, d) * size, "bias": draw.tensor(t)})


def regions(draw):
    numbers = [draw.number(20, 120) for _ in range(9)]
    whole = [draw.integer(20, 120) for _ in range(6)]
    return [
        tuple(whole[:3]),
        numbers[:3],
        np.array(numbers[3:6]),
        np.array(whole[3:]),
        np.array(numbers[6:], dtype=np.float32),
    ]


@check("predict", points=2)
def test_values(student, draw):
    """gives the model's two numbers for a region, be it a list, a tuple or an array"""
    # Small weights give small predictions, which show when something was rounded away.
    asked = [(linear(draw, size=0.005), region, 3) for region in regions(draw)]
    deep = Build("torch.nn.Sequential", (linear(draw, 3, 4), Build("torch.nn.ReLU"), linear(draw, 4, 2)))
    asked.append((deep, regions(draw)[0], 2400))
    outcomes = [student.predict(model, region) for model, region, _ in asked]
    for outcome, (model, region, scale) in zip(outcomes, asked, strict=True):
        outcome.returns(predict(*real(model, region)), Tolerance(scale=scale), "the prediction", float64=True)


@guard("predict", penalty=0.5)
def test_is_not_attached_to_a_graph(student, draw):
    """gives plain numbers, not attached to the graph that led to them"""
    outcome = student.predict(linear(draw), regions(draw)[0])
    if getattr(outcome.value, "requires_grad", False):
        outcome.fail("The prediction is still attached to the graph: gradients would be computed through it.")


@guard("predict", penalty=0.25)
def test_leaves_the_model_alone(student, draw):
    """leaves the model as it was"""
    model = linear(draw)
    outcome = student.predict(model, regions(draw)[1])
    outcome.trained(0, model.state)
