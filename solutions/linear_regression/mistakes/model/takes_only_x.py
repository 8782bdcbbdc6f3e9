"""w and b are taken from the notebook.

Shows: TypeError: model() takes 1 positional argument but 3 were given.
Says: This model takes only x, and looks for its weights outside. Here it is given w and b as well, so that it works
for any weights: keep the three parameters of the exercise.
Lesson: the-model
"""


def model(x):
    return x @ w.t() + b
