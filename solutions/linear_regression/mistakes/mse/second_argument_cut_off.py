"""No gradient reaches the second argument.

Shows: The right number; the second argument gets no gradient.
Says: The number is right, but no gradient reaches the second tensor: something such as detach() or .data cuts it
off. Either one may hold the predictions, so let gradients flow to both.
Lesson: gradients
"""


def mse(t1, t2):
    return ((t1 - t2.data) ** 2).mean()
