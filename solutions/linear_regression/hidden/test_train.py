"""Hidden checks of `train`.

Few epochs compared number by number, at several learning rates, and one long run for convergence. That the loss falls
proves nothing: it falls without resetting the gradients, too.
"""

from grader.checks import Tolerance, check, guard
from solutions.linear_regression import oracle
from solutions.linear_regression.from_scratch import train

# (rows, features, targets, size of the inputs, learning rate, epochs)
RUNS = [(5, 3, 2, 100.0, 1e-5, 4), (8, 2, 1, 1.0, 0.5, 6), (1, 1, 1, 1.0, 0.2, 3), (6, 1, 3, 1.0, 0.1, 5)]


def drawn(draw, n, d, t, size):
    inputs, targets = draw.tensor(n, d, low=-size, high=size), draw.tensor(n, t, low=-size, high=size)
    return inputs, targets, draw.tensor(t, d).requires_grad_(), draw.tensor(t).requires_grad_()


@check("train", points=3)
def test_every_loss_and_both_parameters(student, draw):
    """gives the loss of each epoch, before its update, and leaves w and b trained"""
    runs = []
    for n, d, t, size, lr, epochs in RUNS:
        inputs, targets, w, b = drawn(draw, n, d, t, size)
        outcome = student.train(inputs, targets, w, b, lr, epochs)
        runs.append((outcome, train(inputs, targets, w, b, lr, epochs), w, b, epochs))
    for outcome, losses, w, b, epochs in runs:
        outcome.returns(losses, Tolerance(steps=epochs), "the list of losses")
        outcome.leaves(2, w.detach(), f"w after {epochs} epochs", Tolerance(steps=epochs))
        outcome.leaves(3, b.detach(), f"b after {epochs} epochs", Tolerance(steps=epochs))


@check("train", points=2)
def test_converges(student, draw):
    """brings the loss down as far as gradient descent can, in the epochs that it is given"""
    n, d, t, lr, epochs = 20, 3, 2, 0.5, 12
    inputs, targets, w, b = drawn(draw, n, d, t, 1.0)
    outcome = student.train(inputs, targets, w, b, lr, epochs)
    start = oracle.stack(w.detach(), b.detach())
    foretold = oracle.loss(oracle.descend(start, inputs, targets, lr, epochs), inputs, targets)
    train(inputs, targets, w, b, lr, epochs)
    referred = oracle.loss(oracle.stack(w.detach(), b.detach()), inputs, targets)
    reached = oracle.loss(oracle.stack(outcome.after(2).detach(), outcome.after(3).detach()), inputs, targets)
    for wanted in (referred, foretold):
        if not abs(reached - wanted) <= 1e-4 * wanted:
            facts = (("loss", f"{reached:.6g}"), ("expected", f"{wanted:.6g}"))
            outcome.fail(f"After {epochs} epochs at the learning rate {lr} the loss is not what it should be.", *facts)


@guard("train", takes=0.25)
def test_leaves_the_data_alone(student, draw):
    """leaves the data as it was, and w and b as leaf tensors that require gradients"""
    outcome = student.train(*drawn(draw, 4, 2, 2, 1.0), 0.1, 2)
    outcome.leaves_alone(0, 1)
    outcome.requires_grad(2, "w")
    outcome.requires_grad(3, "b")
