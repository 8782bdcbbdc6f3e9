"""Gradients are reset once, before everything.

Shows: The same as no reset at all, when there were no gradients before; it can only be seen in the source.
Says: The gradients are reset once, before the first epoch, so that those of all batches add up. Move the reset into
the inner loop, so that it happens for every batch.
Lesson: why-gradients-add-up
"""

import ast


def fit(num_epochs, model, loss_fn, opt, train_dl):
    opt.zero_grad()
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")


def is_written(function):
    """Every call of zero_grad stands outside of all loops, and there is one."""

    def calls(tree):
        return {
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "zero_grad"
        }

    within = {call for loop in ast.walk(function) if isinstance(loop, (ast.For, ast.While)) for call in calls(loop)}
    return bool(calls(function)) and not within
