"""Predicts once, before the loop, and the second backward finds no graph.

Shows: RuntimeError: Trying to backward through the graph a second time.
Says: The second backward pass found no graph: the first one used it up, and the predictions were made once, before the
loop. Each epoch needs predictions and a loss of its own, made within the loop.
Lesson: the-training-loop
"""

import ast


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    preds = model(inputs, w, b)
    for epoch in range(num_epochs):
        loss = mse(preds, targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses


def is_written(function):
    """The first parameter, the inputs, is looked at, and not within a loop."""
    if hides_something(function):
        return False
    inputs = function.args.args[0].arg if function.args.args else ""
    loops = [node for node in ast.walk(function) if isinstance(node, (ast.For, ast.While))]
    within, anywhere = (
        {getattr(node, "id", "") for tree in trees for node in ast.walk(tree)} for trees in (loops, [function])
    )
    return bool(loops) and inputs in anywhere and inputs not in within


def hides_something(function):
    """It isn't a plain function, or calls others that the module may have."""
    known = {"model", "mse", "gradient_step", "range", "print", "len", "float", "list"}
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return not isinstance(function, ast.FunctionDef) or any(getattr(call, "id", "range") not in known for call in calls)
