"""PyTorch is recording, and refuses to change a leaf.

Shows: RuntimeError: a leaf Variable that requires grad is being used in an in-place operation.
Says: PyTorch records what is done with w and b, and doesn't let a parameter be changed in place while it does. Take
the step within a `with` block that switches recording off.
Lesson: the-update-step
"""


def gradient_step(w, b, lr):
    w -= lr * w.grad
    b -= lr * b.grad
    w.grad.zero_()
    b.grad.zero_()
