"""x @ (w.t() + b): a bracket too far.

Shows: Each weight is too large by its target's bias.
Says: The bias was added to the weights, so it got multiplied by the inputs as well. The product comes first, the
bias after it: look at the brackets.
Lesson: the-model
"""


def model(x, w, b):
    return x @ (w.t() + b)
