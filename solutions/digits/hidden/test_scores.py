"""Hidden checks of `scores`."""

from torch import autograd

from grader.checks import Backward, check, guard
from solutions.digits.from_scratch import scores


@check("scores", points=3)
def test_values(student, draw):
    """gives the weighted sums of each row, one for each class, plus the biases"""
    shapes = [(5, 64, 10), (5, 64, 10), (3, 3, 3), (1, 4, 2), (6, 1, 3), (2, 5, 1)]
    asked = [(draw.tensor(n, d), draw.tensor(k, d), draw.tensor(k)) for n, d, k in shapes]
    # Small weights give small scores, which show when something was rounded away.
    asked.append((draw.tensor(3, 4), draw.tensor(2, 4) * 0.002, draw.tensor(2) * 0.002))
    outcomes = [student.scores(*each) for each in asked]
    for outcome, each in zip(outcomes, asked, strict=True):
        outcome.returns(scores(*each), what="the table of scores", float64=True)


@check("scores", points=1)
def test_can_be_differentiated(student, draw):
    """can be differentiated in w and b"""
    x, w, b = draw.tensor(4, 3), draw.tensor(5, 3).requires_grad_(), draw.tensor(5).requires_grad_()
    upstream = draw.tensor(4, 5)
    outcome = student.scores(x, w, b, then=Backward(upstream))
    autograd.backward(scores(x, w, b), upstream)
    outcome.gradient(1, w.grad, "w")
    outcome.gradient(2, b.grad, "b")


@guard("scores", penalty=0.25)
def test_leaves_its_arguments_alone(student, draw):
    """leaves its arguments as they were"""
    student.scores(draw.tensor(3, 2), draw.tensor(4, 2), draw.tensor(4)).leaves_alone(0, 1, 2)
