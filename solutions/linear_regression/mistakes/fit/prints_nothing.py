"""Trains in silence.

Shows: The parameters are right, and nothing is printed.
Says: The training is right, but nothing is printed. After every tenth epoch there should be a line with the epoch
and the loss.
Lesson: fit
"""

import ast


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()


def is_written(function):
    """There is no mention of anything that prints, and nothing is called that may."""
    if not isinstance(function, ast.FunctionDef):
        return False
    known = {"range", "len", "enumerate", "iter", "next", "float", "round", "sum", "list"}
    known |= {argument.arg for argument in function.args.args}
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    names = {getattr(call, "attr", "") for call in calls}
    return not names & {"write", "print", "info"} and all(getattr(call, "id", "range") in known for call in calls)
