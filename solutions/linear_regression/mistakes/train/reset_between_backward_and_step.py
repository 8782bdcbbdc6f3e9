"""The gradients are reset before the step uses them.

Shows: The same loss in every epoch; w and b are what they were: as without any step.
Says: The loss is the same in every epoch, since w and b don't change: the gradients are reset before the step uses
them. The step comes right after the backward pass.
Lesson: the-training-loop
"""

import ast


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        w.grad.zero_()
        b.grad.zero_()
        gradient_step(w, b, lr)
    return losses


def is_written(function):
    """Between a backward pass and a step, gradients are reset."""
    lines = {"backward": [], "zero_": [], "step": []}
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            name = "step" if name in ("gradient_step", "sub_", "add_") else name
            lines.get(name, []).append(node.lineno)
        elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Sub):
            lines["step"].append(node.lineno)
    return any(
        backward < reset < step for backward in lines["backward"] for reset in lines["zero_"] for step in lines["step"]
    )
