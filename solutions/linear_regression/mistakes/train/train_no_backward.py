"""Nothing computes gradients.

Shows: TypeError about NoneType: .grad is None when the step looks for it.
Says: There are no gradients when the step is taken, as nothing has computed them. A backward pass from the loss
does that, before the step.
Lesson: gradients
"""

import ast


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        gradient_step(w, b, lr)
    return losses


def is_written(function):
    """There is no mention of a backward pass."""
    names = {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(function)}
    return not hides_something(function) and not names & {"backward", "autograd"}


def hides_something(function):
    """It isn't a plain function, or calls others that the module may have."""
    known = {"model", "mse", "gradient_step", "range", "print", "len", "float", "list"}
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return not isinstance(function, ast.FunctionDef) or any(getattr(call, "id", "range") not in known for call in calls)
