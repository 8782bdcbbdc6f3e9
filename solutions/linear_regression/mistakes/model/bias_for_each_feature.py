"""The bias is added to every product before they are summed.

Shows: The bias is counted d times; right for one feature.
Says: The bias was counted once for every feature. Sum the products first, then add the bias once: look at the
brackets.
Lesson: a-weighted-sum
"""


def model(x, w, b):
    return (x.unsqueeze(1) * w + b.unsqueeze(1)).sum(dim=2)
