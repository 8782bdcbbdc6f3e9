"""The learning rate of the lesson, whatever it was given.

Shows: Right at lr = 1e-5; at others the step has the size of that one.
Says: The step has the same size, whatever learning rate is given. Use the argument lr, not a number of your own.
Lesson: the-learning-rate
"""

import torch


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= 1e-5 * w.grad
        b -= 1e-5 * b.grad
        w.grad.zero_()
        b.grad.zero_()
