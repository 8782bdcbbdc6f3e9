"""w.data in the product: gradients reach the bias only.

Shows: Right numbers; w gets no gradient.
Says: The predictions are right, but w is cut off, as by detach() or .data: the way back to it is lost, and only the
bias could learn. Use w itself.
Lesson: gradients
"""


def model(x, w, b):
    return x @ w.data.t() + b
