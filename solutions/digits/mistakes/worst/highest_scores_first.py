"""Sorted by the score itself.

Shows: Another order where scores were lifted.
Says: The rows were sorted by their highest score. A score says how sure only in comparison with the others of its
row: take the softmax first.
Lesson: the-surest-mistakes
"""


def worst(s, y, count):
    top, predicted = s.max(dim=1)
    wrong = (predicted != y).nonzero()[:, 0]
    return wrong[top[wrong].argsort(descending=True)][:count]
