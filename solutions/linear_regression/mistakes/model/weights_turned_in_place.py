"""t_() turns the caller's weights themselves.

Shows: Right numbers for weights that require no gradients, which lie on their side afterwards; else RuntimeError.
Says: t_() with an underscore turns the weights themselves: after the call they lie on their side, and the next call
goes wrong. Without the underscore it only shows them turned.
Lesson: the-model
"""


def model(x, w, b):
    return x @ w.t_() + b
