"""The step is written out, while PyTorch records.

Shows: RuntimeError: a leaf Variable that requires grad is being used in an in-place operation.
Says: PyTorch records what is done with w and b, and doesn't let a parameter be changed in place while it does. Take
the step within a `with` block that switches recording off.
Lesson: the-update-step
"""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        w -= lr * w.grad
        b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
    return losses
