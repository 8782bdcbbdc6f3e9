"""No gradient reaches the first argument.

Shows: The right number; the first argument gets no gradient.
Says: The number is right, but no gradient reaches the first tensor: something such as detach() or .data cuts it
off. In training, that would be the predictions, and nothing could be learned.
Lesson: gradients
"""


def mse(t1, t2):
    return ((t1.detach() - t2) ** 2).mean()
