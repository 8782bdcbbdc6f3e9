"""Hidden checks of `gradient_step`."""

from grader.checks import Tolerance, check, guard
from solutions.linear_regression.from_scratch import gradient_step

# (targets, features, learning rate, size of the gradients). One size comes twice: what was kept of it must not show.
STEPS = [(2, 3, 1e-5, 9000.0), (1, 1, 0.5, 1.0), (2, 3, 0.05, 10.0), (1, 5, 0.3, 2.0), (3, 1, 1e-3, 300.0)]
SIZED = Tolerance(scale=2.0)  # what is left of a difference is as exact as its terms are large


def drawn(draw, t, d, size):
    w, b = draw.tensor(t, d).requires_grad_(), draw.tensor(t).requires_grad_()
    w.grad, b.grad = draw.tensor(t, d, low=-size, high=size), draw.tensor(t, low=-size, high=size)
    return w, b


@check("gradient_step", points=4)
def test_moves_against_the_gradient(student, draw):
    """moves w and b, in place, by the learning rate times their gradients, downhill"""
    steps = []
    for t, d, lr, size in STEPS:
        w, b = drawn(draw, t, d, size)
        steps.append((student.gradient_step(w, b, lr), w, b))
        gradient_step(w, b, lr)
    for outcome, w, b in steps:
        outcome.leaves(0, w.detach(), "w after the step", SIZED)
        outcome.leaves(1, b.detach(), "b after the step", SIZED)


@check("gradient_step", points=1)
def test_resets_the_gradients(student, draw):
    """resets both gradients"""
    for outcome in [student.gradient_step(*drawn(draw, t, d, size), lr) for t, d, lr, size in STEPS[:2]]:
        outcome.resets_gradient(0, "w")
        outcome.resets_gradient(1, "b")


@guard("gradient_step", penalty=0.4)
def test_parameters_stay_parameters(student, draw):
    """leaves w and b as leaf tensors that require gradients, the step itself unrecorded"""
    outcome = student.gradient_step(*drawn(draw, 2, 3, 1.0), 0.1)
    outcome.requires_grad(0, "w")
    outcome.requires_grad(1, "b")
