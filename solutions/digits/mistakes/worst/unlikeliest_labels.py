"""Sorted by the label's probability.

Shows: Another order where there are more than two classes.
Says: The mistakes were sorted by how little the model believed in the right label. The exercise asks how sure it was
of the wrong one: by the probability of the predicted class.
Lesson: the-surest-mistakes
"""

import torch


def worst(s, y, count):
    p = torch.softmax(s, dim=1)
    wrong = (s.argmax(dim=1) != y).nonzero()[:, 0]
    return wrong[p[wrong, y[wrong]].argsort()][:count]
