"""x @ w, without turning w.

Shows: RuntimeError: mat1 and mat2 shapes cannot be multiplied; with as many targets as features, wrong sums.
Says: The inner sizes don't fit: x is (n, d) and w is (t, d). The product needs w with its rows and columns
exchanged; only then does each target get its own weights.
Lesson: the-model
"""


def model(x, w, b):
    return x @ w + b
