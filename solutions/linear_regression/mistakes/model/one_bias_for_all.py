"""The first target's bias for every target.

Shows: The first column is right, the others are off by a difference of biases.
Says: Every target got the first one's bias. b holds one bias for each target, and each target gets
its own.
Lesson: the-model
"""


def model(x, w, b):
    return x @ w.t() + b[0]
