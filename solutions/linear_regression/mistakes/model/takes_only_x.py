"""w and b are taken from the notebook.

Shows: TypeError: model() takes 1 positional argument but 3 were given.
Says: This model takes one argument, and is given three: x, w and b. Keep the three parameters of the exercise, so
that it works for any weights.
Lesson: the-model
"""


def model(x):
    return x @ w.t() + b
