"""backward is called twice on one loss.

Shows: RuntimeError: Trying to backward through the graph a second time, for the first batch.
Says: backward() is called twice on one loss: the first call uses up the graph, and the second finds none. Call it once
for each batch.
Lesson: gradients
"""

import ast


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            loss.backward()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")


def is_written(function):
    """backward is called twice on the same name, and that gets no other value in between."""
    seen = set()
    for node in sorted(filter(has_line, ast.walk(function)), key=lambda node: (node.lineno, node.col_offset)):
        if isinstance(node, ast.Assign):
            seen -= {getattr(target, "id", "") for target in node.targets}
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "backward":
            name = getattr(node.func.value, "id", "")
            if name in seen:
                return True
            seen.add(name)
    return False


def has_line(node):
    """It stands somewhere."""
    return isinstance(node, (ast.Assign, ast.Call))
