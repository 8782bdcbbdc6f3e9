"""The visible checks of `SoftmaxRegression`."""

import torch

from grader.checks import Backward, check, load_state, state_of

WEIGHT = torch.tensor([[1.0, 2.0, 3.0, 4.0], [0.0, -1.0, 0.0, 1.0]])
BIAS = torch.tensor([0.5, 10.0])


def two_classes(student):
    net = student.new.SoftmaxRegression(4, 2)
    load_state(net, {"linear.weight": WEIGHT, "linear.bias": BIAS})
    return net


@check("regression", points=1)
def test_first_parameters(student):
    """has a layer of 64 weights and a bias for each of 10 classes, all of them zero"""
    outcome = state_of(student.new.SoftmaxRegression(64, 10))
    outcome.holds(0, {"linear.weight": (10, 64), "linear.bias": (10,)})
    outcome.trained(0, {"linear.weight": torch.zeros(10, 64), "linear.bias": torch.zeros(10)})


@check("regression", points=2)
def test_scores_by_hand(student):
    """gives the scores of a row, and of an image of 2 x 2"""
    net = two_classes(student)
    net(torch.tensor([[1.0, 1.0, 1.0, 1.0], [0.0, 1.0, 0.0, 2.0]])).returns(
        torch.tensor([[10.5, 10.0], [10.5, 11.0]]), what="the table of scores"
    )
    net(torch.tensor([[[1.0, 0.0], [2.0, 0.0]]])).returns(torch.tensor([[7.5, 10.0]]), what="the table of scores")


@check("regression", points=1)
def test_gradients_flow(student):
    """can be trained: gradients reach its weights and biases"""
    net = two_classes(student)
    outcome = net(torch.tensor([[1.0, 2.0, 3.0, 5.0]]), then=Backward(torch.tensor([[1.0, 0.0]])))
    wanted = {
        "linear.weight": torch.tensor([[1.0, 2.0, 3.0, 5.0], [0.0, 0.0, 0.0, 0.0]]),
        "linear.bias": torch.tensor([1.0, 0.0]),
    }
    outcome.gradients(0, wanted)
