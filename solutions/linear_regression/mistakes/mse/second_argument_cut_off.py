"""No gradient reaches the second argument.

Shows: The right number; the second argument gets no gradient.
Says: The number is right, but no gradient reaches the second tensor: detach() or .data cuts it off. Which one holds
the predictions is for the caller to say, so let gradients flow to both.
Lesson: gradients
"""


def mse(t1, t2):
    return ((t1 - t2.data) ** 2).mean()
