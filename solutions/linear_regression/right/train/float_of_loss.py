"""float(loss), and a while loop.

Advice: This works. But float() hides that a number leaves the graph here, and PyTorch warns of it where the tensor
requires gradients. The method item() says it openly.
"""

import ast


def model(x, w, b):
    return x @ w.T + b


def mse(t1, t2):
    return (t1 - t2).square().mean()


def gradient_step(w, b, lr):
    w.data = w.data - lr * w.grad.data
    b.data = b.data - lr * b.grad.data
    w.grad.data.zero_()
    b.grad.data.zero_()


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    epoch = 0
    while epoch < num_epochs:
        loss = mse(targets, model(inputs, w, b))
        loss.backward()
        gradient_step(w, b, lr)
        losses.append(float(loss))
        epoch += 1
    return losses


def is_written(function):
    """float() is called with a name or with what a function returned, not with a method's result such as detach()."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float" and len(node.args) == 1:
            given = node.args[0]
            if isinstance(given, ast.Name) or (isinstance(given, ast.Call) and isinstance(given.func, ast.Name)):
                return True
    return False
