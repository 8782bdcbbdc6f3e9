"""The learning rate is taken from the notebook.

Shows: TypeError: gradient_step() takes 2 positional arguments but 3 were given.
Says: The function takes two arguments, and is given three: w, b and lr. Keep the three parameters of the exercise, so
that it works with any rate.
Lesson: the-learning-rate
"""

import torch


def gradient_step(w, b):
    with torch.no_grad():
        w -= 1e-5 * w.grad
        b -= 1e-5 * b.grad
        w.grad.zero_()
        b.grad.zero_()
