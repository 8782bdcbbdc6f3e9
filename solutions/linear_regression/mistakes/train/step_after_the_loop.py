"""The step is not indented: one for all epochs.

Shows: The same loss in every epoch; w and b moved once, by all gradients together.
Says: The loss is the same in every epoch, and w and b moved only once, at the end. The step belongs in the loop: one
for each epoch.
Lesson: the-training-loop
"""

import ast


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
    gradient_step(w, b, lr)
    return losses


def is_written(function):
    """A step is taken, and not within a loop that looks at the inputs."""
    if hides_something(function):
        return False
    inputs = function.args.args[0].arg if function.args.args else ""
    loops = [node for node in ast.walk(function) if isinstance(node, (ast.For, ast.While))]
    loops = [loop for loop in loops if any(getattr(node, "id", "") == inputs for node in ast.walk(loop))]
    return bool(loops) and steps(function) and not any(map(steps, loops))


def steps(tree):
    """Somewhere in it a step is taken."""
    return any(
        (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("gradient_step", "step", "sub_", "add_")
        )
        or (isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Sub))
        for node in ast.walk(tree)
    )


def hides_something(function):
    """It isn't a plain function, or calls others that the module may have."""
    known = {"model", "mse", "gradient_step", "range", "print", "len", "float", "list"}
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return not isinstance(function, ast.FunctionDef) or any(getattr(call, "id", "range") not in known for call in calls)
