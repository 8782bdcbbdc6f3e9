"""Nothing computes gradients.

Shows: The parameters are what they were; it is told apart from its likes in the source.
Says: The model has not changed: the optimizer finds no gradients, and then its step does nothing. A backward pass
from the loss computes them, before each step.
Lesson: gradients
"""

import ast


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")


def is_written(function):
    """There is no mention of a backward pass."""
    names = {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(function)}
    return not hides_something(function) and not names & {"backward", "grad", "autograd"}


def hides_something(function):
    """It isn't a plain function, or calls others that the module may have."""
    if not isinstance(function, ast.FunctionDef):
        return True
    known = {"range", "print", "len", "enumerate", "iter", "next", "float", "round", "sum", "list"}
    known |= {argument.arg for argument in function.args.args}
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(getattr(call, "id", "range") not in known for call in calls)
