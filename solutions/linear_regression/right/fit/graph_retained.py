"""The graph of each batch is kept, which nobody needs.

Advice: This works. But each batch makes a graph of its own, so that retain_graph=True only keeps memory that nobody
needs. Where it seems to be needed, something is often computed too early.
"""

import ast


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(num_epochs):
        for i, batch in enumerate(train_dl, start=1):
            inputs, targets = batch
            opt.zero_grad()
            predictions = model(inputs)
            loss = loss_fn(predictions, targets)
            loss.backward(retain_graph=True)
            opt.step()
            if i == len(train_dl) and (epoch + 1) % 10 == 0:
                print(f"Epoch [{epoch + 1}/{num_epochs}], Loss: {loss.item():.4f}")


def is_written(function):
    """A backward pass is told to keep the graph."""
    return any(
        isinstance(node, ast.keyword) and node.arg == "retain_graph" and getattr(node.value, "value", False) is True
        for node in ast.walk(function)
    )
