"""A mean over the features in place of a sum.

Shows: The sums are too small by a factor of d; right for one feature.
Says: The products were averaged over the features. The model is a weighted sum: add them up, without dividing.
Lesson: a-weighted-sum
"""


def model(x, w, b):
    return (x.unsqueeze(1) * w).mean(dim=2) + b
