"""Counted in a loop."""


def accuracy(s, y):
    right = 0
    for row, label in zip(s.tolist(), y.tolist()):
        right += row.index(max(row)) == label
    return right / len(y)
