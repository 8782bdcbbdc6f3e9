"""The optimizer is never asked to step.

Shows: The parameters are what they were, and each batch's loss stays the same; it is told apart from its likes in
the source.
Says: The model has not changed: the gradients are there, but nothing uses them. The optimizer has to take a step
for each batch.
Lesson: the-optimizer
"""

import ast


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")


def is_written(function):
    """There is a backward pass, and no mention of a step."""
    names = {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
    return not hides_something(function) and "backward" in names and not names & {"step", "grad"}


def hides_something(function):
    """It isn't a plain function, or calls others that the module may have."""
    if not isinstance(function, ast.FunctionDef):
        return True
    known = {"range", "print", "len", "enumerate", "iter", "next", "float", "round", "sum", "list"}
    known |= {argument.arg for argument in function.args.args}
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(getattr(call, "id", "range") not in known for call in calls)
