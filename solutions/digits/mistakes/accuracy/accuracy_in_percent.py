"""From 0 to 100.

Shows: 100 times too large.
Says: The accuracy is in percent. The exercise asks for a share, from 0 to 1.
Lesson: what-to-measure
"""


def accuracy(s, y):
    return 100 * (s.argmax(dim=1) == y).float().mean().item()
