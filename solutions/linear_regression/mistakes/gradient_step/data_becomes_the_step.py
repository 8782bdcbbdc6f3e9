"""w.data =- ...: the step in place of the parameter.

Shows: w and b are minus lr times their gradients, whatever they were.
Says: w and b now hold the step alone, and what they held before is gone. The step has to be subtracted from the old
value: `=-` is not `-=`.
Lesson: the-update-step
"""


def gradient_step(w, b, lr):
    w.data = -lr * w.grad
    b.data = -lr * b.grad
    w.grad.zero_()
    b.grad.zero_()
